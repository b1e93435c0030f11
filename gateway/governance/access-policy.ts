import { hash } from 'node:crypto';
import type { Caller, Department, KeyApproval, PartnerCaller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import { type ShareClass, shareClasses } from '@wenshu/schema/sharing.ts';
import { LRUCache } from 'lru-cache';
import { memoize, memoizeByName } from '../lib/memoize.ts';
import type { Denial } from '../request/denial.ts';
import type { Agreements, Grant } from './agreements.ts';
import { denyField, denyList, denyRows } from './denials.ts';
import { departmentDecide } from './department.ts';
import { partnerDecide } from './partner.ts';
import type { Decide, PolicyModel } from './policy-model.ts';
import { isSame, isWithin } from './rows.ts';
import { VisibleRows } from './visible-rows.ts';

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
  rowDenialOf(typeName: string): Denial | undefined;
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
  const keep = (key: string, make: (key: string) => AccessPolicy): AccessPolicy => {
    const known = kept.get(key);
    if (known) return known;
    const policy = make(key);
    kept.set(key, policy);
    return policy;
  };

  return (caller, purposeOfUse) => {
    if (caller.kind === 'partner') {
      return keep(keyOfPartner(caller), (key) => new CallerPolicy(key, partnerDecide(caller, model), model));
    }
    if (caller.kind !== 'department') {
      return keep('nobody', (key) => new CallerPolicy(key, anonymousDecide, model));
    }
    const { department, region, agency } = caller;
    const active = agreements
      .activeFor(department, Date.now())
      .filter(({ purpose }) => purpose === purposeOfUse?.purpose);
    const ids = active.map(({ agreementId }) => agreementId).sort();
    return keep(
      JSON.stringify([department, region, agency, ...ids]),
      (key) => new CallerPolicy(key, departmentDecide(caller, active, model), model, { department, active }),
    );
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
  hash(
    'sha256',
    JSON.stringify(approvals.map(({ department, fields }) => [department, ...[...fields].sort()]).sort()),
    'base64url',
  );

/** Decides for a caller who is neither a department nor a partner: it sees no element with a sharing class. */
const anonymousDecide: Decide = ({ coordinate }) => ({
  rows: 'none',
  why: {
    message: `${coordinate} is only for departments and for partners with a key.`,
    messageZh: `${coordinate} 仅供各部门和持密钥的合作方查看。`,
  },
});

/** The grants of a department that hold for the purpose of a request. */
type Grants = { readonly department: Department; readonly active: readonly Grant[] };

class CallerPolicy implements AccessPolicy {
  readonly key: string;
  readonly #rows: VisibleRows;
  readonly #model: PolicyModel;
  readonly #grants: Grants | undefined;

  constructor(key: string, decide: Decide, model: PolicyModel, grants?: Grants) {
    this.key = key;
    this.#grants = grants;
    this.#rows = new VisibleRows(decide, model);
    this.#model = model;
  }

  readonly rowDenialOf = memoizeByName((typeName): Denial | undefined => {
    const rows = this.#rows.shownOf(typeName);
    return typeof rows === 'string'
      ? undefined
      : denyRows(typeName, this.#model.sharing.ofType(typeName), rows);
  });

  readonly denialOf = memoizeByName((coordinate): Denial | undefined => {
    const ofList = this.#listDenial(coordinate);
    if (ofList) return ofList;
    const decision = this.#rows.decisionAt(coordinate);
    if (!decision) return undefined;
    if (decision.rows === 'all') return this.#unseenDenial(coordinate);
    const { field, rows, why } = decision;
    // The field is visible in all rows that are shown.
    if (isSame(rows, this.#rows.knownOf(field.typeName))) return undefined;
    return denyField(field, why, rows === 'none' ? undefined : rows);
  });

  // Filtering by a field that is visible in all listed rows discloses nothing more.
  readonly denialOfUse = (coordinate: string): Denial | undefined => {
    const decision = this.#rows.decisionAt(coordinate);
    if (!decision || decision.rows === 'all') return undefined;
    const { field, rows, why } = decision;
    const shown = this.rowDenialOf(field.typeName)?.exempt;
    if (shown?.listFilter !== undefined && isWithin(shown, rows)) return undefined;
    return denyField(field, why);
  };

  readonly classOf = (coordinate: string): ShareClass | undefined => {
    const decision = this.#rows.decisionAt(coordinate);
    if (!decision) return undefined;
    const { typeName, sharing, isField } = decision.field;
    const { rows: special } = this.#model.sharing.ofType(typeName);
    if (!special || !isField) return sharing.class;
    const seesUsualOnly = isSame(decision.rows, this.#rows.usualOf(typeName, special));
    return seesUsualOnly || isStricter(sharing.class, special.class) ? sharing.class : special.class;
  };

  readonly agreementFor = (coordinate: string): string | undefined => {
    if (!this.#grants) return undefined;
    const { department, active } = this.#grants;
    const isOwn = this.#model.sharing.of(coordinate)?.owner === department;
    return isOwn || this.classOf(coordinate) !== 'CONDITIONAL'
      ? undefined
      : active.find(({ fields }) => fields.includes(coordinate))?.agreementId;
  };

  /**
   * Returns the denial of a field that everybody may ask, if it lists closed rows of which the caller sees nothing: the
   * length of the list, and what stands beside its rows, would disclose them.
   */
  #unseenDenial(coordinate: string): Denial | undefined {
    const { shape, sharing } = this.#model;
    const rowType = shape.listedAt(coordinate);
    if (rowType === undefined || sharing.of(coordinate)?.class !== 'UNCONDITIONAL') return undefined;
    const nothing = this.#rows.nothingOf(rowType);
    return nothing && nothing.field.sharing.class !== 'UNCONDITIONAL'
      ? denyField(nothing.field, nothing.why)
      : undefined;
  }

  /**
   * Returns the denial of a list's field if the list cannot be filtered. Its counts and page ends would disclose
   * hidden rows, unless its subgraph promises to leave them out (`@appliesRowFilters`). Its rows would too, unless its
   * subgraph filters them itself.
   */
  #listDenial(coordinate: string): Denial | undefined {
    const { shape, sharing } = this.#model;
    const [typeName = '', field = ''] = coordinate.split('.');
    const rowType = shape.rowTypeBehind(typeName);
    if (rowType === typeName) return undefined;
    const ofRows = this.rowDenialOf(rowType);
    if (!ofRows || ofRows.exempt?.listFilter !== undefined) return undefined;
    // The subgraph itself makes a list without a filter, and applies the lookup filter.
    const isMade = shape.filterOf(rowType) === undefined && ofRows.exempt?.lookup !== undefined;
    const isLeftOut = partsOfPage.has(field) || sharing.ofType(typeName).appliesRowFilters;
    return isMade && isLeftOut ? undefined : denyList(coordinate, rowType, ofRows);
  }
}

const partsOfPage = new Set(['nodes', 'edges', 'node', 'cursor']);

const isStricter = (one: ShareClass, other: ShareClass) =>
  shareClasses.indexOf(one) > shareClasses.indexOf(other);
