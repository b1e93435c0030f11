import { type Department, departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import type { Decide, Decision, Ground, Item } from './decide.ts';
import { approversOf, enterpriseRowsOf, isClosed } from './own-enterprise.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * A partner sees what is open and in the scopes of its key; and, with consent, what departments approved of all that
 * is kept about its own enterprise. All of it lies in the regions of the key, and is of one kind: real, or, for a test key, synthetic. Rows that are
 * shared otherwise than their type (`@sharingRows`) are never open.
 */
export function partnerDecide(
  { scopes, regions, isTest, enterpriseId, madeBy, approvals = [] }: PartnerCaller,
  ground: Ground,
): Decide {
  const { sharing, rowRules, shape } = ground;

  function ownRows(typeName: string): Rows {
    if (enterpriseId === undefined) return 'none';
    const rows = enterpriseRowsOf(typeName, ground);
    return typeof rows === 'string' ? rows : rowRules.withId(typeName, rows.path, enterpriseId);
  }

  const opened = new Map(approvals.map(({ department, fields }) => [department, new Set(fields)]));

  /** What of its own enterprise the departments approved whose it is, by name. */
  function own({ coordinate, typeName, isField }: Pick<Item, 'coordinate' | 'typeName' | 'isField'>): Rows {
    if (!isField) return 'none';
    const { inMost, inOthers } = approversOf(coordinate, typeName, ground);
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

  function openRows({ typeName, isField }: Item): Rows {
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

  function isInScope({ coordinate, typeName }: Item): boolean {
    const declaredOn = coordinate.slice(0, coordinate.indexOf('.'));
    if (!shape.isWrapper(declaredOn)) return scopes.includes(typeName) || isNamed(declaredOn, coordinate);
    const rowType = shape.rowTypeBehind(declaredOn);
    return rowType === declaredOn || isRead(rowType);
  }

  /** Of its own enterprise, what nobody was asked about when the key was made. */
  function whyClosed(item: Item): string {
    const { coordinate, typeName, isField, sharing: declared } = item;
    if (!isField || ownRows(typeName) === 'none') return `${coordinate} is not open to partners.`;
    const maker = madeBy ? `${departmentNames[madeBy]}, which made it,` : 'who made it';
    return `${coordinate} is not open to partners, and not among what ${departmentNames[declared.owner]} approved for your key. Ask ${maker} for a new one.`;
  }

  function rowsOf(item: Item): Decision {
    const { coordinate, typeName } = item;
    if (!item.sharing.open) return { rows: own(item), why: whyClosed(item) };
    if (!isInScope(item)) return { rows: own(item), why: `${coordinate} is not in the scopes of your key.` };
    return { rows: either(openRows(item), own(item)), why: `Your key does not reach to this ${typeName}.` };
  }

  return (item) => {
    const { rows: shown, why } = rowsOf(item);
    const rows = both(inItsRegions(item.typeName), shown);
    // A filter or an order picks among rows that are of its kind already.
    return { rows: item.isField ? both(ofItsKind(item.typeName), rows) : rows, why };
  };
}
