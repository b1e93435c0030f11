import type { GraphQLSchema } from 'graphql';
import { type AskedChange, changesIn, checkWriting } from '../admission/check-writing.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { AuditUnavailable } from '../audit/group-commit.ts';
import { callerOnRecord } from '../request/caller-on-record.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import { type EvidenceOfChange, readEvidence } from '../supergraph/evidence.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { readWritable } from '../supergraph/writable.ts';
import type { ValidStep } from './operation-steps.ts';

/**
 * Creates the step that admits changes: it refuses those that are not the caller's to make, and puts the intent of each
 * change of an agency durably on record before the agency is called. The outcome follows with the record of the answer,
 * under the same request id.
 */
export const admitChanges =
  (supergraphOf: (schema: GraphQLSchema) => Supergraph, audit: AuditLog | undefined): ValidStep =>
  (operation, variables, context) => {
    if (operation.operation.operation !== 'mutation') return undefined;
    const { document } = supergraphOf(operation.schema);
    const changes = changesIn(operation, variables, readWritable(document));
    checkWriting(changes, context.caller);
    const intended = changes.filter(({ rule }) => rule.isOfAgency);
    return audit && intended.length > 0
      ? recordIntents(audit, intended, readEvidence(document), context)
      : undefined;
  };

async function recordIntents(
  audit: AuditLog,
  changes: readonly AskedChange[],
  evidence: ReadonlyMap<string, EvidenceOfChange>,
  context: GatewayContext,
) {
  const { caller, purposeOfUse, record } = context;
  try {
    for (const { name, input } of changes) {
      await audit.append({
        kind: 'change',
        caller: caller && callerOnRecord(caller),
        represents: purposeOfUse?.represents,
        purpose: purposeOfUse?.purpose,
        caseNumber: purposeOfUse?.caseNumber,
        requestId: record?.options.requestId,
        traceId: record?.traceId,
        action: name,
        subject: plain(input?.id) ?? '',
        details: {
          key: plain(input?.key),
          version: plain(input?.version),
          action: plain(input?.action),
          ...(evidence.has(name) && { evidence: evidence.get(name)?.facts.join(' ') ?? null }),
        },
      });
    }
  } catch (cause) {
    if (!(cause instanceof AuditUnavailable)) throw cause;
    throw new Refusal(
      'AUDIT_UNAVAILABLE',
      'Nothing was changed, because the audit log cannot record the change now. Try again later.',
      { messageZh: '现在无法记录该变更,故未作任何变更。请稍后再试。' },
      { 'retry-after': '5' },
    );
  }
  return undefined;
}

/** A value that a record may hold; free text of a change stays out of the log. */
const plain = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;
