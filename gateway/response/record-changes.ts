import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { type AskedChange, changesIn, checkWriting } from '../admission/check-writing.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { AuditUnavailable } from '../audit/group-commit.ts';
import type { ChangeEvent, ChangeState } from '../audit/record.ts';
import { callerOnRecord } from '../request/caller-on-record.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import { type EvidenceOfChange, readEvidence } from '../supergraph/evidence.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { readWritable } from '../supergraph/writable.ts';
import type { ValidStep } from './operation-steps.ts';
import type { ResponseStep } from './response-step.ts';
import { noteChange, type SettleOptions, settleChanges, withState } from './settle-changes.ts';

export type RecordChangesOptions = SettleOptions & {
  readonly supergraphOf: (schema: GraphQLSchema) => Supergraph;
};

/** Keeps the changes of agencies on record: each before it is asked for, and what became of it. */
export type ChangeRecords = {
  /**
   * Refuses changes that are not the caller's to make, and puts the intent of each of the others durably on record
   * before the agency is called.
   */
  readonly admit: ValidStep;
  /** Puts on record what became of the changes of an answer. */
  readonly respond: ResponseStep;
  /** Puts on record what became of the changes of a request, by the errors of its answer. */
  end(context: GatewayContext, errors: readonly GraphQLFormattedError[]): void;
  /** Asks once about each change whose outcome the last run of this gateway did not learn. */
  settleOnce(): Promise<void>;
  close(): Promise<void>;
};

type Begun = { readonly change: AskedChange; readonly event: ChangeEvent };

export function recordChanges(options: RecordChangesOptions): ChangeRecords {
  const { supergraphOf, audit, log } = options;
  const begun = new WeakMap<GatewayContext, readonly Begun[]>();
  const settling = settleChanges(options);

  const end: ChangeRecords['end'] = (context, errors) => {
    for (const { change, event } of begun.get(context) ?? []) {
      const [state, code] = stateOf(change, errors);
      const ended = withState(event, state, code);
      noteChange(audit, ended, log);
      if (state === 'unknown') settling.add(ended);
    }
    begun.delete(context);
  };

  return {
    admit: (operation, variables, context) => {
      if (operation.operation.operation !== 'mutation') return undefined;
      const { document } = supergraphOf(operation.schema);
      const changes = changesIn(operation, variables, readWritable(document));
      const events = changes
        .filter(({ rule }) => rule.isOfAgency)
        .map((change) => ({ change, event: intentOf(change, readEvidence(document), context) }));
      try {
        checkWriting(changes, context.caller);
      } catch (error) {
        const code = codeOf(error);
        for (const { event } of events) audit?.note(withState(event, 'refused', code), true);
        throw error;
      }
      if (!audit || events.length === 0) return undefined;
      return appendAll(audit, events, () => void begun.set(context, events));
    },
    respond: ({ contextValue, response: { body } }) => {
      if (begun.has(contextValue) && body.kind === 'single') {
        end(contextValue, body.singleResult.errors ?? []);
      }
    },
    end,
    settleOnce: settling.once,
    close: settling.close,
  };
}

async function appendAll(audit: AuditLog, events: readonly Begun[], onDone: () => void): Promise<undefined> {
  try {
    for (const { event } of events) await audit.append(event);
  } catch (cause) {
    if (!(cause instanceof AuditUnavailable)) throw cause;
    throw new Refusal(
      'AUDIT_UNAVAILABLE',
      'Nothing was changed, because the audit log cannot record the change now. Try again later.',
      { messageZh: '现在无法记录该变更,故未作任何变更。请稍后再试。' },
      { 'retry-after': '5' },
    );
  }
  onDone();
  return undefined;
}

function intentOf(
  { name, input }: AskedChange,
  evidence: ReadonlyMap<string, EvidenceOfChange>,
  { caller, purposeOfUse, requestId, record }: GatewayContext,
): ChangeEvent {
  return {
    kind: 'change',
    caller: caller && callerOnRecord(caller),
    represents: purposeOfUse?.represents,
    purpose: purposeOfUse?.purpose,
    caseNumber: purposeOfUse?.caseNumber,
    requestId: record?.options.requestId ?? requestId,
    traceId: record?.traceId,
    action: name,
    subject: plain(input?.id) ?? '',
    details: {
      state: 'intended' satisfies ChangeState,
      key: plain(input?.key),
      version: plain(input?.version),
      action: plain(input?.action),
      ...(evidence.has(name) && { evidence: evidence.get(name)?.facts.join(' ') ?? null }),
    },
  };
}

/** A value that a record may hold; free text of a change stays out of the log. */
const plain = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

const codeOf = (error: unknown): string =>
  String((error as { extensions?: { code?: unknown } }).extensions?.code ?? 'INTERNAL_SERVER_ERROR');

/** Codes after which the agency may have made the change all the same. */
const unsure = new Set(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

function stateOf(
  { key }: AskedChange,
  errors: readonly GraphQLFormattedError[],
): readonly [ChangeState, string?] {
  // An error below the change is one of what it returned.
  const own = errors.find(({ path }) => !path || path.length === 0 || (path.length === 1 && path[0] === key));
  if (!own) return ['made'];
  const code = String(own.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  return [unsure.has(code) ? 'unknown' : 'refused', code];
}
