import type { Caller, Department } from '@wenshu/schema/caller.ts';
import type { AnswerEvent, AuditRecord, Link } from '../audit/record.ts';
import { callerOf, fieldsOf, isNotForAll, type OwnersView, seenBy } from '../audit/seen.ts';
import type { FieldAccess } from '../request/field-access.ts';

/** An access to data about one enterprise: what is seen of its record, and of that what is about this enterprise. */
export type EnterpriseAccess = {
  readonly record: (Link & AnswerEvent) | OwnersView;
  /** Of the owners whose data told of the enterprise. */
  readonly fields: readonly FieldAccess[];
  readonly inBulk: boolean;
};

/** Of which of the enterprises a record tells, or may tell, as far as a caller may know, with what he sees of it. */
export function accessesIn(
  record: AuditRecord,
  caller: Caller,
  asked: ReadonlyMap<string, unknown>,
): readonly (readonly [id: string, access: EnterpriseAccess])[] {
  if (record.kind !== 'answer' && record.kind !== 'export') return [];
  if (record.enterprises === undefined) return [];
  const seen = caller.kind === 'partner' ? forPartner(caller.keyId, record) : seenBy(caller, record);
  if (!seen || (seen.kind !== 'answer' && seen.kind !== 'export') || seen.enterprises === undefined)
    return [];
  const { enterprisesOf } = seen;
  // Records from before it was noted whose data told of whom. A partner is not told what was read of others.
  if (!enterprisesOf) {
    const fields = caller.kind === 'partner' ? [] : fieldsOf(seen).filter(isNotForAll);
    const inBulk = seen.enterprises === null;
    return idsIn([seen.enterprises], asked).map((id) => [id, { record: seen, fields, inBulk }]);
  }
  const owners = Object.entries(enterprisesOf);
  return idsIn(Object.values(enterprisesOf), asked).map((id) => {
    const disclosure = owners.filter(([, ids]) => ids?.includes(id));
    const telling = new Set(
      owners.filter(([, ids]) => ids === null || ids.includes(id)).map(([owner]) => owner),
    );
    const fields = fieldsOf(seen).filter(
      (access) => isNotForAll(access) && telling.has(access.owner as Department),
    );
    return [id, { record: seen, fields, inBulk: disclosure.length === 0 }];
  });
}

/** Of those that are asked for, the ones in these lists; all, where one of the lists is of nobody knows whom. */
function idsIn(
  lists: readonly (readonly string[] | null)[],
  asked: ReadonlyMap<string, unknown>,
): readonly string[] {
  if (lists.includes(null)) return [...asked.keys()];
  return [...new Set(lists.flatMap((ids) => ids ?? []))].filter((id) => asked.has(id));
}

/** A partner sees all accesses to its own enterprise, but for what other partners read in bulk. */
function forPartner(keyId: string, record: Link & AnswerEvent): (Link & AnswerEvent) | undefined {
  const by = callerOf(record);
  const isOthers = by !== undefined && 'keyId' in by && by.keyId !== keyId;
  return record.enterprises === null && isOthers ? undefined : record;
}
