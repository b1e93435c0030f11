import type { Caller, Department } from '@wenshu/schema/caller.ts';
import type { AnswerEvent, AuditRecord, Link } from '../audit/record.ts';
import { callerOf, fieldsOf, isNotForAll, type OwnersView, seenBy } from '../audit/seen.ts';
import type { FieldAccess } from '../request/field-access.ts';

/** An access to data about one enterprise: the visible part of its record that concerns this enterprise. */
export type EnterpriseAccess = {
  readonly record: (Link & AnswerEvent) | OwnersView;
  /** Fields of the owners whose data disclosed the enterprise. */
  readonly fields: readonly FieldAccess[];
  readonly inBulk: boolean;
};

/**
 * Returns the enterprises that a record discloses or may disclose, as far as the caller may know, each with the visible
 * part of the record.
 */
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
  // Older records do not say whose data disclosed which enterprise. A partner does not see what was read about others.
  if (!enterprisesOf) {
    const fields = caller.kind === 'partner' ? [] : fieldsOf(seen).filter(isNotForAll);
    const inBulk = seen.enterprises === null;
    return idsIn([seen.enterprises], asked).map((id) => [id, { record: seen, fields, inBulk }]);
  }
  const owners = Object.entries(enterprisesOf);
  return idsIn(Object.values(enterprisesOf), asked).map((id) => {
    const disclosure = owners.filter(([, ids]) => ids?.includes(id));
    const disclosing = new Set(
      owners.filter(([, ids]) => ids === null || ids.includes(id)).map(([owner]) => owner),
    );
    const fields = fieldsOf(seen).filter(
      (access) => isNotForAll(access) && disclosing.has(access.owner as Department),
    );
    return [id, { record: seen, fields, inBulk: disclosure.length === 0 }];
  });
}

/** Returns the requested ids that are in these lists; all of them when one of the lists is unknown. */
function idsIn(
  lists: readonly (readonly string[] | null)[],
  asked: ReadonlyMap<string, unknown>,
): readonly string[] {
  if (lists.includes(null)) return [...asked.keys()];
  return [...new Set(lists.flatMap((ids) => ids ?? []))].filter((id) => asked.has(id));
}

/** A partner sees all accesses to its own enterprise, except bulk reads of other partners. */
function forPartner(keyId: string, record: Link & AnswerEvent): (Link & AnswerEvent) | undefined {
  const by = callerOf(record);
  const isOthers = by !== undefined && 'keyId' in by && by.keyId !== keyId;
  return record.enterprises === null && isOthers ? undefined : record;
}
