import type { Context } from '@wenshu/kit/context.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import type { Line } from '../audit/line.ts';
import { callerOf, fieldsOf, type RecordFilter } from '../audit/read.ts';
import type { AnswerEvent, AuditRecord, Touch } from '../audit/record.ts';
import type { EnterpriseAccess } from './audit-trail.ts';

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

/** What the graph says of a record of the log. */
export const recordFields = {
  ...each((record) => record, ['gateway', 'sequence', 'time']),
  ...each(callerOf, ['department', 'user', 'role', 'partner', 'keyId', 'keyMadeBy', 'keyApprovals']),
  ...each((record) => record, ['represents', 'purpose', 'caseNumber', 'clientAddress', 'requestId']),
  ...each((record) => record, ['errorCodes', 'denied', 'fields']),
  kind: ({ record }: Line) => record.kind.toUpperCase(),
  operationName: ({ record }: Line) => answerOf(record)?.operation?.name ?? null,
  operationHash: ({ record }: Line) => answerOf(record)?.operation?.hash ?? null,
  decision: ({ record }: Line) => answerOf(record)?.decision.toUpperCase() ?? null,
  enterpriseIds: ({ record }: Line) => answerOf(record)?.enterprises ?? null,
  inBulk: ({ record }: Line) => answerOf(record)?.enterprises === null,
  text: ({ record }: Line) => JSON.stringify(record),
};

/** What the graph says of an access to data about an enterprise. Partners are told departments, and nobody by name. */
export const accessFields = {
  kind: ({ kind }: EnterpriseAccess) => kind.toUpperCase(),
  department: (access: EnterpriseAccess) => partOf(callerOf(access), 'department'),
  partner: (access: EnterpriseAccess) => partOf(callerOf(access), 'partner'),
  user: (access: EnterpriseAccess, _args: unknown, context: Context) =>
    isPartner(context) ? null : partOf(callerOf(access), 'user'),
  caseNumber: ({ caseNumber }: EnterpriseAccess, _args: unknown, context: Context) =>
    isPartner(context) ? null : caseNumber,
  fields: (access: EnterpriseAccess) => fieldsOf(access).filter(isNotForAll),
  inBulk: ({ enterprises }: EnterpriseAccess) => enterprises === null,
};

const isPartner = ({ caller }: Context) => caller?.kind === 'partner';

const isNotForAll = (touch: Touch) => touch.class !== 'UNCONDITIONAL';

const answerOf = (record: AuditRecord): AnswerEvent | undefined =>
  record.kind === 'answer' || record.kind === 'export' ? record : undefined;

/** Resolvers of fields that are members of the same name. */
function each(of: (record: AuditRecord) => object | undefined, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, ({ record }: Line) => partOf(of(record), name)]));
}

const partOf = (whole: object | undefined, name: string): unknown =>
  (whole as Record<string, unknown> | undefined)?.[name] ?? null;
