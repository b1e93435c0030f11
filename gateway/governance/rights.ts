import {
  type Caller,
  type Department,
  type DepartmentCaller,
  departmentNames,
  type Occasion,
  type PartnerCaller,
} from '@wenshu/schema/caller.ts';
import type { Sharing } from '@wenshu/schema/sharing.ts';
import { LRUCache } from 'lru-cache';
import type { Denial } from '../execution/restriction.ts';
import type { Agreements, Grant } from './agreements.ts';
import { mask } from './mask.ts';
import { type RowRules, rowsOf } from './row-rules.ts';
import type { SharingOfGraph } from './sharing.ts';

/** What one caller may see, by coordinate, whatever the operation. */
export type Rights = {
  /** Callers with the same rights have the same key. */
  readonly key: string;
  denialOf(coordinate: string): Denial | undefined;
  /** The agreement under which something may be seen that is not for everybody, by its id. */
  agreementFor(coordinate: string): string | undefined;
};

export type RightsOptions = {
  readonly sharing: SharingOfGraph;
  readonly agreements: Agreements;
  readonly rowRules: RowRules;
  /** Whether a type only leads to others, as connections and the root do: scopes need not name it. */
  readonly isWrapper: (typeName: string) => boolean;
};

export type RightsOf = (caller: Caller, occasion: Occasion | undefined) => Rights;

const rightsKept = 1_000;

/**
 * The rights of callers: a department sees what is unconditional, what is its own, and what an agreement in
 * force opens for the purpose that it states; a partner sees what is open and in the scopes of its key.
 * 政务数据共享条例: 无条件共享, 有条件共享, 不予共享.
 */
export function createRights(options: RightsOptions): RightsOf {
  const kept = new LRUCache<string, Rights>({ max: rightsKept });
  const keep = (
    key: string,
    denialOf: Rights['denialOf'],
    agreementFor: Rights['agreementFor'] = () => undefined,
  ): Rights => {
    const known = kept.get(key);
    if (known) return known;
    const rights = { key, denialOf: remembering(denialOf), agreementFor };
    kept.set(key, rights);
    return rights;
  };

  return (caller, occasion) => {
    if (caller.kind === 'partner') {
      const { scopes, regions, isTest, enterpriseId } = caller;
      const key = JSON.stringify([[...scopes].sort(), [...regions].sort(), isTest, enterpriseId]);
      return keep(key, (coordinate) => partnerDenial(caller, coordinate, options));
    }
    const active = options.agreements
      .activeFor(caller.department, Date.now())
      .filter(({ purpose }) => purpose === occasion?.purpose);
    const key = JSON.stringify([caller.department, ...active.map(({ agreementId }) => agreementId).sort()]);
    return keep(
      key,
      (coordinate) => departmentDenial(caller, active, coordinate, options),
      (coordinate) => {
        const sharing = options.sharing.of(coordinate);
        const isOwn = sharing?.owner === caller.department;
        return isOwn || sharing?.class !== 'CONDITIONAL'
          ? undefined
          : active.find(({ fields }) => fields.includes(coordinate))?.agreementId;
      },
    );
  };
}

function departmentDenial(
  { department }: DepartmentCaller,
  active: readonly Grant[],
  coordinate: string,
  { sharing: { of }, rowRules }: RightsOptions,
): Denial | undefined {
  const sharing = of(coordinate);
  if (!sharing || sharing.class === 'UNCONDITIONAL' || sharing.owner === department) return undefined;
  const owner = nameOf(sharing.owner);
  if (sharing.class === 'WITHHELD') {
    return denial(coordinate, sharing, `${coordinate} is kept by ${owner} for itself alone.`);
  }
  const grants = active.filter(({ fields }) => fields.includes(coordinate));
  const rows = rowsOf(grants, typeOf(coordinate), rowRules);
  if (rows === 'all') return undefined;
  if (rows !== 'none') {
    const message = `${coordinate} belongs to ${owner}; the agreement with your department does not reach to here.`;
    return { ...denial(coordinate, sharing, message), exempt: rows };
  }
  return denial(
    coordinate,
    sharing,
    `${coordinate} belongs to ${owner}, which shares it by agreement. Your department has none for the purpose ` +
      'that this request states (header x-wenshu-purpose).',
  );
}

function partnerDenial(
  { scopes, regions, isTest, enterpriseId }: PartnerCaller,
  coordinate: string,
  { sharing: { of }, rowRules, isWrapper }: RightsOptions,
): Denial | undefined {
  const sharing = of(coordinate);
  if (!sharing) return undefined;
  const typeName = typeOf(coordinate);
  const own =
    typeName === 'Enterprise' && enterpriseId !== undefined ? isEnterprise(enterpriseId) : undefined;
  const deny = (message: string) => ({
    ...denial(coordinate, sharing, message),
    ...(own && { exempt: own }),
  });

  if (!sharing.open) return deny(`${coordinate} is not open to partners.`);
  if (!isWrapper(typeName) && !scopes.includes(typeName) && !scopes.includes(coordinate)) {
    return deny(`${coordinate} is not in the scopes of your key.`);
  }
  const limits = [
    ...(regions.length > 0 ? [rowRules.inRegions(typeName, regions)] : []),
    ...(isTest ? [rowRules.synthetic(typeName)] : []),
  ].filter((limit) => limit !== undefined);
  if (limits.length === 0) return undefined;
  return {
    ...denial(coordinate, sharing, `Your key does not reach to this ${typeName}.`),
    exempt: {
      needs: limits.map(({ needs }) => needs).join(' '),
      includes: (read) => limits.every((limit) => limit.includes(read)),
    },
  };
}

const isEnterprise = (id: string) => ({
  needs: 'id',
  includes: (read: (path: readonly string[]) => unknown) => read(['id']) === id,
});

const denial = (
  coordinate: string,
  { class: sharingClass, owner, masked }: Sharing,
  message: string,
): Denial => ({
  code: 'NOT_SHARED',
  message,
  details: { coordinate, owner, class: sharingClass },
  ...(masked && { mask }),
});

const nameOf = (department: Department) => `${department} (${departmentNames[department]})`;

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
