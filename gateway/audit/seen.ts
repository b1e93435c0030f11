import type { Caller, Department } from '@wenshu/schema/caller.ts';
import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { AnswerEvent, AuditRecord, Link } from './record.ts';

/** The view that an owner of data has of a record in which another caller read it. */
export type OwnersView = Pick<Link, 'sequence' | 'gateway' | 'time'> &
  Pick<AnswerEvent, 'kind' | 'fields' | 'enterprises' | 'enterprisesOf' | 'purpose'> & {
    readonly caller?:
      | { readonly department: Department }
      | { readonly partner: string; readonly keyMadeBy: Department | undefined }
      | undefined;
  };

/** A record as one caller sees it: in full, or the owner's view. */
export type SeenRecord = AuditRecord | OwnersView;

/**
 * Returns a caller's view of a record; undefined if it may see nothing. An auditor sees all. A department sees its
 * own requests and those of keys that it made. Of other requests for non-public data it sees only what is about its
 * own data: the fields, the enterprises that they disclosed, and the purpose if its own agreement allowed it. The
 * rest (other fields, caller's person, address, case, outcome) is for the caller and the auditors. Statements of the
 * log about itself are for auditors.
 */
export function seenBy(caller: Caller, record: AuditRecord): SeenRecord | undefined {
  if (caller.kind !== 'department') return undefined;
  const isAsker = [departmentOf(record), keyMakerOf(record)].includes(caller.department);
  if (caller.role === 'auditor' || isAsker) return record;
  return record.kind === 'answer' || record.kind === 'export'
    ? ownersView(caller.department, record)
    : undefined;
}

function ownersView(owner: Department, record: Link & AnswerEvent): OwnersView | undefined {
  const { sequence, gateway, time, kind, purpose, enterprisesOf = {} } = record;
  const isOwn = isOwnedBy(owner);
  const fields = record.fields.filter((access) => isOwn(access) && isNotForAll(access));
  if (fields.length === 0) return undefined;
  const enterprises = Object.hasOwn(enterprisesOf, owner) ? enterprisesOf[owner] : undefined;
  return {
    sequence,
    gateway,
    time,
    kind,
    caller: publicPartOf(record.caller),
    purpose: fields.some(({ agreement }) => agreement !== undefined) ? purpose : undefined,
    enterprises,
    enterprisesOf: enterprises === undefined ? undefined : { [owner]: enterprises },
    fields,
  };
}

function publicPartOf(caller: CallerOnRecord | undefined): OwnersView['caller'] {
  if (!caller) return undefined;
  if ('department' in caller) return { department: caller.department };
  return 'keyId' in caller ? { partner: caller.partner, keyMadeBy: caller.keyMadeBy } : undefined;
}

export const callerOf = (record: SeenRecord): CallerOnRecord | OwnersView['caller'] =>
  'caller' in record ? record.caller : undefined;

export function departmentOf(record: SeenRecord): Department | undefined {
  const caller = callerOf(record);
  return caller && 'department' in caller ? caller.department : undefined;
}

/** Returns the department on whose behalf a key is used. */
function keyMakerOf(record: SeenRecord): Department | undefined {
  const caller = callerOf(record);
  return caller && 'keyMadeBy' in caller ? caller.keyMadeBy : undefined;
}

export const fieldsOf = (record: SeenRecord): readonly FieldAccess[] =>
  'fields' in record ? record.fields : [];

export const isOwnedBy = (department: Department) => (access: FieldAccess) => access.owner === department;

export const isNotForAll = (access: FieldAccess) => access.class !== 'UNCONDITIONAL';
