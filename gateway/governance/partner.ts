import { type Department, departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import { approversOf, enterpriseRowsOf, isClosed } from './own-enterprise.ts';
import type { Decide, Decision, PolicyModel, ProtectedField } from './policy-model.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * A partner sees what is open and in the scopes of its key; and, with consent, what departments approved of all that
 * is kept about its own enterprise. All of it lies in the regions of the key, and is of one kind: real, or, for a test key, synthetic. Rows that are
 * shared otherwise than their type (`@sharingRows`) are never open.
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

  /** What of its own enterprise the departments approved whose it is, by name. */
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

  /** A test key reads what is made up, any other what is not. Of regions, numbers are of rows of the caller's kind alone (`subgraphs/kit/synthetic.ts`). */
  function ofItsKind(typeName: string): Rows {
    const { yes, no } = rowRules.synthetic(typeName);
    return isTest ? yes : no;
  }

  /** A record that lies nowhere lies in none of the key's regions. Parts of a row are where that is. */
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

  /** Whether something of the rows of a type may be read: if not, how many there are is not told either. */
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

  /** Of its own enterprise, what nobody was asked about when the key was made. */
  function whyClosed(field: ProtectedField): string {
    const { coordinate, typeName, isField, sharing: declared } = field;
    if (!isField || ownRows(typeName) === 'none') return `${coordinate} is not open to partners.`;
    const maker = madeBy ? `${departmentNames[madeBy]}, which made it,` : 'who made it';
    return `${coordinate} is not open to partners, and not among what ${departmentNames[declared.owner]} approved for your key. Ask ${maker} for a new one.`;
  }

  function rowsOf(field: ProtectedField): Decision {
    const { coordinate, typeName } = field;
    if (!field.sharing.open) return { rows: own(field), why: whyClosed(field) };
    if (!isInScope(field))
      return { rows: own(field), why: `${coordinate} is not in the scopes of your key.` };
    return { rows: either(openRows(field), own(field)), why: `Your key does not reach to this ${typeName}.` };
  }

  return (field) => {
    const { rows: shown, why } = rowsOf(field);
    const rows = both(inItsRegions(field.typeName), shown);
    // A filter or an order picks among rows that are of its kind already.
    return { rows: field.isField ? both(ofItsKind(field.typeName), rows) : rows, why };
  };
}
