import type { Context } from '@wenshu/kit/context.ts';
import type { RecordFilter } from '../audit/read.ts';
import type { AnswerEvent } from '../audit/record.ts';
import { callerOf, type SeenRecord } from '../audit/seen.ts';
import type { SeenLine } from './audit-trail.ts';
import type { EnterpriseAccess } from './enterprise-access.ts';
import type { AuditRecordFilter, Resolvers } from './schema-types.ts';

/** Converts a filter. Its times may have any offset; records have UTC. */
export const recordFilter = (given: AuditRecordFilter | null | undefined): RecordFilter => ({
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

/** Resolvers for the visible part of an audit record. */
export const recordFields: Resolvers['AuditRecord'] = {
  ...each(({ record }: SeenLine) => record, ['gateway', 'sequence', 'time']),
  ...each(
    ({ record }: SeenLine) => callerOf(record),
    ['department', 'user', 'role', 'agency', 'partner', 'keyId', 'keyMadeBy', 'keyApprovals'],
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

/** Resolvers for an access to data about an enterprise. Partners see departments, and no persons. */
export const accessFields: Resolvers['EnterpriseAccess'] = {
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

/** Makes resolvers for members with the same name as the field. */
function each<Node, Part extends object | undefined, Name extends NameIn<Part>>(
  of: (node: Node) => Part,
  names: readonly Name[],
) {
  const resolvers = names.map((name) => [name, (node: Node) => partOf(of(node), name)] as const);
  return Object.fromEntries<unknown>(resolvers) as { [Each in Name]: (node: Node) => PartOf<Part, Each> };
}

/** Returns a member, null if the object lacks it. */
const partOf = <Whole extends object | undefined, Name extends NameIn<Whole>>(whole: Whole, name: Name) =>
  ((whole as Record<string, unknown> | undefined)?.[name] ?? null) as PartOf<Whole, Name>;

/** Names of the members that one type of a union has. */
type NameIn<Whole> = (Whole extends unknown ? keyof Whole : never) & string;

/** A member of an object whose type is a union; null where the object lacks it. */
type PartOf<Whole, Name> = Whole extends unknown
  ? Name extends keyof Whole
    ? Exclude<Whole[Name], undefined> | (undefined extends Whole[Name] ? null : never)
    : null
  : never;
