import { createHash } from 'node:crypto';
import type { Caller, KeyApproval, PartnerCaller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import { type RowSharing, type ShareClass, shareClasses } from '@wenshu/schema/sharing.ts';
import { LRUCache } from 'lru-cache';
import { memoize } from '../lib/memoize.ts';
import type { Denial, RowDenial } from '../request/authorization.ts';
import type { Agreements } from './agreements.ts';
import { departmentDecide } from './department.ts';
import { mask } from './mask.ts';
import { partnerDecide } from './partner.ts';
import { type Decide, type PolicyModel, type ProtectedField, protectedFieldAt } from './policy-model.ts';
import { both, either, isWithin, type Rows } from './row-rules.ts';

/** What one caller may see, by coordinate and for any operation. */
export type AccessPolicy = {
  /** The identity of the policy: callers with the same policy have the same key. */
  readonly key: string;
  /** Returns the denial of a field in rows that are not hidden. */
  denialOf(coordinate: string): Denial | undefined;
  /**
   * Returns the denial of rows of a type: rows whose `id` the caller may not see, and rows that cannot exist without
   * a hidden row.
   */
  rowDenialOf(typeName: string): RowDenial | undefined;
  /** Returns the denial of a filter field or an order. */
  denialOfUse(coordinate: string): Denial | undefined;
  /**
   * Returns the sharing class of a coordinate for this caller. It is the class of the exceptional rows
   * (`@sharingRows`) if the caller sees those.
   */
  classOf(coordinate: string): ShareClass | undefined;
  /** Returns the id of the agreement that opens a non-public coordinate; undefined if none is needed. */
  agreementFor(coordinate: string): string | undefined;
};

export type AccessPolicyOf = (caller: Caller, purposeOfUse: PurposeOfUse | undefined) => AccessPolicy;

const policiesKept = 1_000;

/** Creates the function that finds the access policy of a caller. `department.ts` and `partner.ts` hold the rules. */
export function createAccessPolicies(model: PolicyModel, agreements: Agreements): AccessPolicyOf {
  const kept = new LRUCache<string, AccessPolicy>({ max: policiesKept });
  const keep = (key: string, make: () => Omit<AccessPolicy, 'key'>): AccessPolicy => {
    const known = kept.get(key);
    if (known) return known;
    const policy = { key, ...make() };
    kept.set(key, policy);
    return policy;
  };

  return (caller, purposeOfUse) => {
    if (caller.kind === 'partner') {
      return keep(keyOfPartner(caller), () => ({
        ...denialsBy(partnerDecide(caller, model), model),
        agreementFor: () => undefined,
      }));
    }
    if (caller.kind !== 'department') {
      return keep('nobody', () => ({ ...denialsBy(anonymousDecide, model), agreementFor: () => undefined }));
    }
    const { department, region } = caller;
    const active = agreements
      .activeFor(department, Date.now())
      .filter(({ purpose }) => purpose === purposeOfUse?.purpose);
    const ids = active.map(({ agreementId }) => agreementId).sort();
    return keep(`${department}\n${region ?? ''}\n${ids.join('\n')}`, () => {
      const denials = denialsBy(departmentDecide(caller, active, model), model);
      return {
        ...denials,
        agreementFor(coordinate) {
          const isOwn = model.sharing.of(coordinate)?.owner === department;
          return isOwn || denials.classOf(coordinate) !== 'CONDITIONAL'
            ? undefined
            : active.find(({ fields }) => fields.includes(coordinate))?.agreementId;
        },
      };
    });
  };
}

/** Returns the key of a partner's policy, computed once for each caller object. */
const keyOfPartner = memoize(
  ({ scopes, regions, isTest, enterpriseId, madeBy, approvals = [] }: PartnerCaller): string =>
    JSON.stringify([
      [...scopes].sort(),
      [...regions].sort(),
      isTest,
      // The maker of the key and the approvals matter only for the partner's own enterprise.
      enterpriseId && [enterpriseId, madeBy, digestOf(approvals)],
    ]),
);

/** Returns a digest of the approvals, which are too long for a key. */
const digestOf = (approvals: readonly KeyApproval[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(approvals.map(({ department, fields }) => [department, ...[...fields].sort()]).sort()),
    )
    .digest('base64url');

/** Decides for a caller who is neither a department nor a partner: it sees no element with a sharing class. */
const anonymousDecide: Decide = ({ coordinate }) => ({
  rows: 'none',
  why: `${coordinate} is only for departments and for partners with a key.`,
});

type Denials = Omit<AccessPolicy, 'key' | 'agreementFor'>;

function denialsBy(decide: Decide, model: PolicyModel): Denials {
  const { shape } = model;
  const otherRows = (typeName: string, { where }: RowSharing) => model.rowRules.meeting(typeName, where).no;
  const known = remembering((coordinate: string) => {
    const field = protectedFieldAt(coordinate, model);
    return field && { field, ...decide(field) };
  });
  const rowsOf = (coordinate: string): Rows => known(coordinate)?.rows ?? 'all';

  /**
   * Returns the rows that the caller may know of: rows whose `id` it may see or, if it sees no id, rows with any
   * visible field. If it sees nothing, each field has a denial of its own, and exceptional rows (`@sharingRows`) are
   * hidden all the same.
   */
  const seenRows = remembering((typeName: string): Rows => {
    if (shape.isWrapper(typeName)) return 'all';
    const seen = [shape.identityOf(typeName), shape.fieldsOf(typeName)]
      // Fields without a class, such as the hub's own, are no data of the row.
      .map((coordinates) => either(...coordinates.filter(known).map(rowsOf)))
      .find((rows) => rows !== 'none');
    const { rows: special } = model.sharing.ofType(typeName);
    return seen ?? (special && special.class !== 'UNCONDITIONAL' ? otherRows(typeName, special) : 'all');
  });

  /** Returns the known rows that do not contain, in a non-null field, a hidden row. */
  const shownRows = (typeName: string, above: readonly string[] = []): Rows =>
    both(
      seenRows(typeName),
      ...shape.heldBy(typeName).map((held): Rows => {
        const rows = above.includes(held.typeName) ? 'all' : shownRows(held.typeName, [...above, typeName]);
        return typeof rows === 'string' ? rows : model.rowRules.holding(typeName, held.field, rows);
      }),
    );

  const rowDenialOf = remembering((typeName: string): RowDenial | undefined => {
    const rows = shownRows(typeName);
    if (typeof rows === 'string') return undefined;
    const { keeper: owner, rows: special } = model.sharing.ofType(typeName);
    return {
      code: 'NOT_SHARED',
      message: `The ${typeName} at this place is not shared with you.`,
      details: { coordinate: typeName, ...(owner && { owner }), ...(special && { class: special.class }) },
      exempt: rows,
    };
  });

  const denialOf = remembering((coordinate: string): Denial | undefined => {
    const ofList = listDenial(coordinate);
    if (ofList) return ofList;
    const found = known(coordinate);
    if (!found || found.rows === 'all') return undefined;
    const { field, rows, why } = found;
    // The field is visible in all rows that are shown.
    if (isSame(rows, seenRows(field.typeName))) return undefined;
    return { ...denial(field, why), ...(rows !== 'none' && { exempt: rows }) };
  });

  /**
   * Returns the denial of a list's field if the list cannot be filtered. Its counts and page ends would disclose
   * hidden rows. Its rows would too, unless its subgraph filters them itself.
   */
  function listDenial(coordinate: string): Denial | undefined {
    const [typeName = '', field = ''] = coordinate.split('.');
    const rowType = shape.rowTypeBehind(typeName);
    if (rowType === typeName) return undefined;
    const rows = rowDenialOf(rowType);
    if (!rows || rows.exempt.listFilter !== undefined) return undefined;
    // The subgraph itself makes a list without a filter, and applies the lookup filter.
    const isMade = shape.filterOf(rowType) === undefined && rows.exempt.lookup !== undefined;
    if (partsOfPage.has(field) && isMade) return undefined;
    return {
      code: rows.code,
      message: `${coordinate} would reveal rows of ${rowType} that are not shared with you.`,
      details: { ...rows.details, coordinate },
    };
  }

  /** Filtering by a field that is visible in all listed rows discloses nothing more. */
  function denialOfUse(coordinate: string): Denial | undefined {
    const found = known(coordinate);
    if (!found || found.rows === 'all') return undefined;
    const { field, rows, why } = found;
    const shown = rowDenialOf(field.typeName)?.exempt;
    if (shown?.listFilter !== undefined && isWithin(shown, rows)) return undefined;
    return denial(field, why);
  }

  function classOf(coordinate: string): ShareClass | undefined {
    const found = known(coordinate);
    if (!found) return undefined;
    const { typeName, sharing, isField } = found.field;
    const { rows: special } = model.sharing.ofType(typeName);
    if (!special || !isField) return sharing.class;
    const seesOthers = isSame(found.rows, otherRows(typeName, special));
    return seesOthers || isStricter(sharing.class, special.class) ? sharing.class : special.class;
  }

  return { denialOf, rowDenialOf, denialOfUse, classOf };
}

const partsOfPage = new Set(['nodes', 'edges', 'node', 'cursor']);

const isStricter = (one: ShareClass, other: ShareClass) =>
  shareClasses.indexOf(one) > shareClasses.indexOf(other);

const isSame = (one: Rows, other: Rows) =>
  typeof one === 'string' || typeof other === 'string' ? one === other : one.key === other.key;

const denial = ({ coordinate, sharing }: ProtectedField, message: string): Denial => ({
  code: 'NOT_SHARED',
  message,
  details: { coordinate, owner: sharing.owner, class: sharing.class },
  ...(sharing.masked && { mask }),
});

function remembering<Value>(find: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    if (known.has(name)) return known.get(name) as Value;
    const value = find(name);
    known.set(name, value);
    return value;
  };
}
