import { type Department, departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import { approversOf, enterpriseRowsOf, isClosed } from './own-enterprise.ts';
import type { Decide, Decision, PolicyModel, ProtectedField } from './policy-model.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * Decides for a partner. It sees open data in the scopes of its key and, with consent, the data about its own
 * enterprise that departments approved. All rows lie in the regions of the key and are of one kind: real, or
 * synthetic for a test key. Exceptional rows (`@sharingRows`) are never open.
 */
export function partnerDecide(
  { scopes, regions, isTest, enterpriseId, madeBy, approvals = [] }: PartnerCaller,
  model: PolicyModel,
): Decide {
  const { sharing, rowRules, shape } = model;

  function ownRows(typeName: string): Rows {
    if (enterpriseId === undefined) return 'none';
    const rows = enterpriseRowsOf(typeName, model);
    return typeof rows === 'string' ? rows : rowRules.withId(typeName, rows.path, enterpriseId);
  }

  const opened = new Map(approvals.map(({ department, fields }) => [department, new Set(fields)]));

  /** Returns the rows of the partner's own enterprise in which the owners approved the field by name. */
  function own({
    coordinate,
    typeName,
    isField,
  }: Pick<ProtectedField, 'coordinate' | 'typeName' | 'isField'>): Rows {
    if (!isField) return 'none';
    const { inMost, inOthers } = approversOf(coordinate, typeName, model);
    const isOpenedBy = (department: Department) => opened.get(department)?.has(coordinate) ?? false;
    if (!inMost.every(isOpenedBy)) return 'none';
    const { rows: special } = sharing.ofType(typeName);
    return special && isClosed(special) && !inOthers.every(isOpenedBy)
      ? both(ownRows(typeName), rowRules.meeting(typeName, special.where).no)
      : ownRows(typeName);
  }

  /**
   * Returns the rows of the key's kind: synthetic rows for a test key, real rows for any other. A subgraph computes
   * the figures of a region from rows of that kind (`subgraphs/kit/synthetic.ts`).
   */
  function ofItsKind(typeName: string): Rows {
    const { yes, no } = rowRules.synthetic(typeName);
    return isTest ? yes : no;
  }

  /**
   * Returns the rows in the key's regions. A record without a region lies in none of them. A part of a row lies where
   * the row lies.
   */
  function inItsRegions(typeName: string): Rows {
    if (regions.length === 0) return 'all';
    return rowRules.inRegions(typeName, regions) ?? (sharing.isEntity(typeName) ? 'none' : 'all');
  }

  function openRows({ typeName, isField }: ProtectedField): Rows {
    const { rows: special } = sharing.ofType(typeName);
    return isField && special && isClosed(special) ? rowRules.meeting(typeName, special.where).no : 'all';
  }

  const isNamed = (typeName: string, coordinate: string) =>
    scopes.includes(typeName) || scopes.includes(coordinate);

  /** Returns whether any field of a type's rows may be read. If not, their number is not disclosed either. */
  const isRead = (typeName: string) =>
    shape
      .fieldsOf(typeName)
      .some(
        (field) =>
          (sharing.of(field)?.open && isNamed(typeName, field)) ||
          (sharing.of(field) && own({ coordinate: field, typeName, isField: true }) !== 'none'),
      );

  function isInScope({ coordinate, typeName }: ProtectedField): boolean {
    const declaredOn = coordinate.slice(0, coordinate.indexOf('.'));
    if (!shape.isWrapper(declaredOn)) return scopes.includes(typeName) || isNamed(declaredOn, coordinate);
    const rowType = shape.rowTypeBehind(declaredOn);
    return rowType === declaredOn || isRead(rowType);
  }

  /**
   * Returns why a field is not open. A field of the partner's own enterprise may lack the approval that its key was
   * made with.
   */
  function whyClosed(field: ProtectedField): string {
    const { coordinate, typeName, isField, sharing: declared } = field;
    if (!isField || ownRows(typeName) === 'none') return `${coordinate} is not open to partners.`;
    const maker = madeBy ? `${departmentNames[madeBy]}, which made it,` : 'who made it';
    return `${coordinate} is not open to partners, and ${departmentNames[declared.owner]} has not approved it for your key. Ask ${maker} for a new key.`;
  }

  function rowsOf(field: ProtectedField): Decision {
    const { coordinate, typeName } = field;
    if (!field.sharing.open) return { rows: own(field), why: whyClosed(field) };
    if (!isInScope(field))
      return { rows: own(field), why: `${coordinate} is not in the scopes of your key.` };
    return { rows: either(openRows(field), own(field)), why: `Your key does not cover this ${typeName}.` };
  }

  return (field) => {
    const { rows: shown, why } = rowsOf(field);
    const rows = both(inItsRegions(field.typeName), shown);
    // A filter or an order applies to rows of the right kind already.
    return { rows: field.isField ? both(ofItsKind(field.typeName), rows) : rows, why };
  };
}
