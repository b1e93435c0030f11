import { type Caller, type Department, departmentNames, type Occasion } from '@wenshu/schema/caller.ts';
import type { Sharing } from '@wenshu/schema/sharing.ts';
import { LRUCache } from 'lru-cache';
import type { Denial } from '../execution/restriction.ts';
import type { Grant, Grants } from './agreements.ts';
import { mask } from './mask.ts';
import type { SharingOfGraph } from './sharing.ts';

/** What one caller may see, by coordinate, whatever the operation. */
export type Rights = {
  /** Callers with the same rights have the same key. */
  readonly key: string;
  denialOf(coordinate: string): Denial | undefined;
};

const rightsKept = 1_000;

/**
 * The rights of callers: a department sees what is unconditional, what is its own, and what an agreement in
 * force opens for the purpose that it states; a partner sees what is open and in the scopes of its key.
 * 政务数据共享条例: 无条件共享, 有条件共享, 不予共享.
 */
export function createRights(
  sharing: SharingOfGraph,
  grants: Grants,
  isWrapper: (typeName: string) => boolean,
): (caller: Caller, occasion: Occasion | undefined) => Rights {
  const kept = new LRUCache<string, Rights>({ max: rightsKept });

  return (caller, occasion) => {
    const active =
      caller.kind === 'department' ? grants.activeFor(caller.department, Date.now()).filter(isFor(occasion)) : [];
    const key = keyOf(caller, active);
    let rights = kept.get(key);
    if (!rights) {
      const decide =
        caller.kind === 'department'
          ? (coordinate: string) => departmentDenial(caller.department, active, coordinate, sharing.of(coordinate))
          : (coordinate: string) => partnerDenial(caller.scopes, isWrapper, coordinate, sharing.of(coordinate));
      rights = { key, denialOf: remembering(decide) };
      kept.set(key, rights);
    }
    return rights;
  };
}

const isFor = (occasion: Occasion | undefined) => (grant: Grant) => grant.purpose === occasion?.purpose;

const keyOf = (caller: Caller, active: readonly Grant[]) =>
  caller.kind === 'department'
    ? JSON.stringify([caller.department, ...active.map(({ agreementId }) => agreementId).sort()])
    : JSON.stringify(['partner', ...[...caller.scopes].sort()]);

function departmentDenial(
  department: Department,
  active: readonly Grant[],
  coordinate: string,
  sharing: Sharing | undefined,
): Denial | undefined {
  if (!sharing || sharing.class === 'UNCONDITIONAL' || sharing.owner === department) return undefined;
  const owner = departmentNames[sharing.owner];
  if (sharing.class === 'WITHHELD') {
    return denial(coordinate, sharing, `${coordinate} is kept by ${sharing.owner} (${owner}) for itself alone.`);
  }
  if (active.some(({ fields }) => fields.includes(coordinate) || fields.includes(typeOf(coordinate)))) {
    return undefined;
  }
  return denial(
    coordinate,
    sharing,
    `${coordinate} belongs to ${sharing.owner} (${owner}), which shares it under an agreement; ` +
      'your department has none for the purpose of this request (header x-wenshu-purpose).',
  );
}

function partnerDenial(
  scopes: readonly string[],
  isWrapper: (typeName: string) => boolean,
  coordinate: string,
  sharing: Sharing | undefined,
): Denial | undefined {
  if (!sharing) return undefined;
  if (!sharing.open || sharing.class !== 'UNCONDITIONAL') {
    return denial(coordinate, sharing, `${coordinate} is not open to partners.`);
  }
  const typeName = typeOf(coordinate);
  const isInScope = isWrapper(typeName) || scopes.includes(typeName) || scopes.includes(coordinate);
  return isInScope ? undefined : denial(coordinate, sharing, `${coordinate} is not in the scopes of your key.`);
}

const denial = (coordinate: string, { class: sharingClass, owner, masked }: Sharing, message: string): Denial => ({
  code: 'NOT_SHARED',
  message,
  details: { coordinate, owner, class: sharingClass },
  ...(masked && { mask }),
});

const typeOf = (coordinate: string) => coordinate.slice(0, coordinate.indexOf('.'));

function remembering<Value>(decide: (coordinate: string) => Value): (coordinate: string) => Value {
  const known = new Map<string, Value>();
  return (coordinate) => {
    if (known.has(coordinate)) return known.get(coordinate) as Value;
    const value = decide(coordinate);
    known.set(coordinate, value);
    return value;
  };
}
