import type { Context } from '@wenshu/kit/context.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import type { RecordFilter } from '../audit/read.ts';
import type { AnswerEvent } from '../audit/record.ts';
import { callerOf, type SeenRecord } from '../audit/seen.ts';
import type { SeenLine } from './audit-trail.ts';
import type { EnterpriseAccess } from './enterprise-access.ts';

/** A filter as it comes over the graph. */
export type GivenFilter = {
  readonly [Name in keyof RecordFilter]?: string | null;
} & { readonly department?: Department | null; readonly owner?: Department | null };

/** Times may be given with any offset; records have them in UTC. */
export const recordFilter = (given: GivenFilter | null | undefined): RecordFilter => ({
  since: timeOf(given?.since),
  until: timeOf(given?.until),
  department: given?.department ?? undefined,
  owner: given?.owner ?? undefined,
  field: given?.field ?? undefined,
  caller: given?.caller ?? undefined,
  kind: given?.kind?.toLowerCase() as RecordFilter['kind'],
  decision: given?.decision?.toLowerCase() as RecordFilter['decision'],
});

const timeOf = (time: string | null | undefined) => (time ? new Date(time).toISOString() : undefined);

/** What the graph says of a record of the log, as far as the caller sees it. */
export const recordFields = {
  ...each(({ record }: SeenLine) => record, ['gateway', 'sequence', 'time']),
  ...each(
    ({ record }: SeenLine) => callerOf(record),
    ['department', 'user', 'role', 'partner', 'keyId', 'keyMadeBy', 'keyApprovals'],
  ),
  ...each(
    ({ record }: SeenLine) => record,
    ['represents', 'purpose', 'caseNumber', 'clientAddress', 'requestId', 'denied', 'fields'],
  ),
  errorCodes: ({ record }: SeenLine) =>
    record.kind === 'refusals' ? Object.keys(record.counts) : partOf(record, 'errorCodes'),
  count: ({ record }: SeenLine) =>
    record.kind === 'refusals' ? Object.values(record.counts).reduce((sum, each) => sum + each, 0) : null,
  kind: ({ record }: SeenLine) => record.kind.toUpperCase(),
  operationName: ({ record }: SeenLine) => answerOf(record).operation?.name ?? null,
  operationHash: ({ record }: SeenLine) => answerOf(record).operation?.hash ?? null,
  decision: ({ record }: SeenLine) => answerOf(record).decision?.toUpperCase() ?? null,
  enterpriseIds: ({ record }: SeenLine) => answerOf(record).enterprises ?? null,
  inBulk: ({ record }: SeenLine) => answerOf(record).enterprises === null,
  hash: ({ hash }: SeenLine) => hash ?? null,
  text: ({ record, hash }: SeenLine) => (hash === undefined ? null : JSON.stringify(record)),
};

/** What the graph says of an access to data about an enterprise. Partners are told departments, and nobody by name. */
export const accessFields = {
  ...each(({ record }: EnterpriseAccess) => record, ['gateway', 'sequence', 'time', 'purpose']),
  ...each(({ record }: EnterpriseAccess) => callerOf(record), ['department', 'partner']),
  kind: ({ record }: EnterpriseAccess) => record.kind.toUpperCase(),
  user: ({ record }: EnterpriseAccess, _args: unknown, context: Context) =>
    isPartner(context) ? null : partOf(callerOf(record), 'user'),
  caseNumber: ({ record }: EnterpriseAccess, _args: unknown, context: Context) =>
    isPartner(context) ? null : partOf(record, 'caseNumber'),
};

const isPartner = ({ caller }: Context) => caller?.kind === 'partner';

const answerOf = (record: SeenRecord): Partial<AnswerEvent> =>
  record.kind === 'answer' || record.kind === 'export' ? (record as Partial<AnswerEvent>) : {};

/** Resolvers of fields that are members of the same name. */
function each<Node>(of: (node: Node) => object | undefined, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, (node: Node) => partOf(of(node), name)]));
}

const partOf = (whole: object | undefined, name: string): unknown =>
  (whole as Record<string, unknown> | undefined)?.[name] ?? null;
