import type { Caller, Department } from '@wenshu/schema/caller.ts';
import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { AnswerEvent, AuditRecord, Link } from './record.ts';

/** What an owner of data sees of a record in which somebody else read it. */
export type OwnersView = Pick<Link, 'sequence' | 'gateway' | 'time'> &
  Pick<AnswerEvent, 'kind' | 'fields' | 'enterprises' | 'enterprisesOf' | 'purpose'> & {
    readonly caller?:
      | { readonly department: Department }
      | { readonly partner: string; readonly keyMadeBy: Department | undefined }
      | undefined;
  };

/** What of a record somebody sees: all, or what it tells the owner of data. */
export type SeenRecord = AuditRecord | OwnersView;

/**
 * What somebody sees of a record; undefined where that is nothing. An auditor sees all, a department what it asked itself
 * or what was asked by keys that it made, and of what others asked that was not for everybody only what is about its own data: those fields, the enterprises that
 * they told of, and the purpose where an agreement of its own allowed it. What else was read, by whom, from where, in
 * which case and how it ended is between who asked and the auditors. What the log says of itself is for auditors.
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

/** The department on whose behalf a key is used. */
function keyMakerOf(record: SeenRecord): Department | undefined {
  const caller = callerOf(record);
  return caller && 'keyMadeBy' in caller ? caller.keyMadeBy : undefined;
}

export const fieldsOf = (record: SeenRecord): readonly FieldAccess[] =>
  'fields' in record ? record.fields : [];

export const isOwnedBy = (department: Department) => (access: FieldAccess) => access.owner === department;

export const isNotForAll = (access: FieldAccess) => access.class !== 'UNCONDITIONAL';
