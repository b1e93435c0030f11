import { type Department, departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import type { Words } from '@wenshu/schema/errors.ts';
import { approversOf, enterpriseRowsOf, isClosed } from './own-enterprise.ts';
import {
  type Decide,
  type Decision,
  type PolicyModel,
  type ProtectedField,
  typeNameIn,
} from './policy-model.ts';
import { both, either, type Rows } from './rows.ts';

/**
 * Decides for a partner. It sees open data in the scopes of its key and, with consent, the data about its own
 * enterprise that departments approved. All rows lie in the regions of the key and are of one kind: real, or
 * synthetic for a test key. Exceptional rows (`@sharingRows`) are never open.
 */
export function partnerDecide(partner: PartnerCaller, model: PolicyModel): Decide {
  const access = new PartnerAccess(partner, model);
  return (field) => access.decide(field);
}

class PartnerAccess {
  readonly #partner: PartnerCaller;
  readonly #model: PolicyModel;
  /** The approved fields of each department. */
  readonly #approved: ReadonlyMap<Department, ReadonlySet<string>>;

  constructor(partner: PartnerCaller, model: PolicyModel) {
    this.#partner = partner;
    this.#model = model;
    this.#approved = new Map(
      (partner.approvals ?? []).map(({ department, fields }) => [department, new Set(fields)]),
    );
  }

  decide(field: ProtectedField): Decision {
    const { rows: shown, why } = this.#decideInAll(field);
    const rows = both(this.#inItsRegions(field.typeName), shown);
    // A filter or an order applies to rows of the right kind already.
    return { rows: field.isField ? both(this.#ofItsKind(field.typeName), rows) : rows, why };
  }

  /** Decides on rows in all regions and of both kinds. */
  #decideInAll(field: ProtectedField): Decision {
    const { coordinate, typeName } = field;
    if (!field.sharing.open) return { rows: this.#own(field), why: this.#whyClosed(field) };
    if (!this.#isInScope(field)) return { rows: this.#own(field), why: notInScope(coordinate) };
    const rows = either(this.#openRows(field), this.#own(field));
    return { rows, why: notCovered(typeName) };
  }

  /**
   * Returns the rows in the key's regions. A record without a region lies in none of them. A part of a row lies where
   * the row lies.
   */
  #inItsRegions(typeName: string): Rows {
    const { sharing, rowRules } = this.#model;
    const { regions } = this.#partner;
    if (regions.length === 0) return 'all';
    return rowRules.inRegions(typeName, regions) ?? (sharing.isEntity(typeName) ? 'none' : 'all');
  }

  /**
   * Returns the rows of the key's kind: synthetic rows for a test key, real rows for any other. A subgraph computes
   * the figures of a region from rows of that kind (`subgraphs/kit/synthetic.ts`).
   */
  #ofItsKind(typeName: string): Rows {
    const { yes, no } = this.#model.rowRules.synthetic(typeName);
    return this.#partner.isTest ? yes : no;
  }

  #openRows({ typeName, isField }: ProtectedField): Rows {
    const { sharing, rowRules } = this.#model;
    const { rows: special } = sharing.ofType(typeName);
    return isField && special && isClosed(special) ? rowRules.meeting(typeName, special.where).no : 'all';
  }

  /** Returns the rows of the partner's own enterprise in which the owners approved the field by name. */
  #own({ coordinate, typeName, isField }: Pick<ProtectedField, 'coordinate' | 'typeName' | 'isField'>): Rows {
    // A work secret leaves the department under no approval.
    if (!isField || this.#model.sharing.of(coordinate)?.class === 'WORK_SECRET') return 'none';
    const { sharing, rowRules } = this.#model;
    const { inMost, inOthers } = approversOf(coordinate, typeName, this.#model);
    const isApprovedBy = (department: Department) => this.#approved.get(department)?.has(coordinate) ?? false;
    if (!inMost.every(isApprovedBy)) return 'none';
    const { rows: special } = sharing.ofType(typeName);
    return special && isClosed(special) && !inOthers.every(isApprovedBy)
      ? both(this.#ownRows(typeName), rowRules.meeting(typeName, special.where).no)
      : this.#ownRows(typeName);
  }

  #ownRows(typeName: string): Rows {
    const { enterpriseId } = this.#partner;
    if (enterpriseId === undefined) return 'none';
    const { rowRules, sharing } = this.#model;
    const rows = enterpriseRowsOf(typeName, this.#model);
    const ofEnterprise = typeof rows === 'string' ? rows : rowRules.withId(typeName, rows.path, enterpriseId);
    const { enterpriseWhere } = sharing.ofType(typeName);
    return enterpriseWhere
      ? both(ofEnterprise, rowRules.meeting(typeName, enterpriseWhere).yes)
      : ofEnterprise;
  }

  #isInScope({ coordinate, typeName }: ProtectedField): boolean {
    const { shape } = this.#model;
    const declaredOn = typeNameIn(coordinate);
    if (!shape.isWrapper(declaredOn)) {
      return this.#partner.scopes.includes(typeName) || this.#isNamed(declaredOn, coordinate);
    }
    const rowType = shape.rowTypeBehind(declaredOn);
    return rowType === declaredOn || this.#isRead(rowType);
  }

  #isNamed(typeName: string, coordinate: string): boolean {
    const { scopes } = this.#partner;
    return scopes.includes(typeName) || scopes.includes(coordinate);
  }

  /** Returns whether any field of a type's rows may be read. If not, their number is not disclosed either. */
  #isRead(typeName: string): boolean {
    const { sharing, shape } = this.#model;
    return shape
      .fieldsOf(typeName)
      .some(
        (field) =>
          (sharing.of(field)?.open && this.#isNamed(typeName, field)) ||
          (sharing.of(field) && this.#own({ coordinate: field, typeName, isField: true }) !== 'none'),
      );
  }

  /**
   * Returns why a field is not open. A field of the partner's own enterprise may lack the approval that its key was
   * made with.
   */
  #whyClosed({ coordinate, typeName, isField, sharing: { owner } }: ProtectedField): Words {
    if (!isField || this.#ownRows(typeName) === 'none') return notOpen(coordinate);
    const { madeBy } = this.#partner;
    const maker = madeBy ? `${departmentNames[madeBy]}, which made it,` : 'who made it';
    const makerZh = madeBy ? departmentNames[madeBy] : '';
    const ownerName = departmentNames[owner];
    return {
      message: `${coordinate} is not open to partners, and ${ownerName} has not approved it for your key. Ask ${maker} for a new key.`,
      messageZh: `${coordinate} 不向合作方开放,${ownerName}也未同意您的密钥查看。请向发放部门${makerZh}申请新密钥。`,
    };
  }
}

const notInScope = (coordinate: string): Words => ({
  message: `${coordinate} is not in the scopes of your key.`,
  messageZh: `${coordinate} 不在您的密钥的范围之内。`,
});

const notCovered = (typeName: string): Words => ({
  message: `Your key does not cover this ${typeName}.`,
  messageZh: `您的密钥不涵盖此 ${typeName}。`,
});

const notOpen = (coordinate: string): Words => ({
  message: `${coordinate} is not open to partners.`,
  messageZh: `${coordinate} 不向合作方开放。`,
});
