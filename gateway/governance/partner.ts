import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { type Decide, type Ground, type Item, isPart } from './decide.ts';
import { approversOf, enterpriseRowsOf, isClosed } from './own-enterprise.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * A partner sees what is open and in the scopes of its key, as far as the key reaches; and, with consent, all that
 * is kept about its own enterprise. Rows that are shared otherwise than their type (`@sharingRows`) are never open.
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

  const approving = new Set([madeBy, ...approvals.map(({ department }) => department)]);

  /** What of its own enterprise the departments approved whose it is. */
  function own({ coordinate, typeName, isField }: Item): Rows {
    if (!isField) return 'none';
    const { inMost, inOthers } = approversOf(coordinate, typeName, ground);
    if (!inMost.every((each) => approving.has(each))) return 'none';
    const { rows: special } = sharing.ofType(typeName);
    return special && isClosed(special) && !inOthers.every((each) => approving.has(each))
      ? both(ownRows(typeName), rowRules.meeting(typeName, special.where).no)
      : ownRows(typeName);
  }

  /** A number of a region is of all that is kept there, and nobody can tell what of it is made up. */
  function synthetic({ coordinate, typeName }: Item): Rows {
    const leaders = isPart(typeName, ground) ? shape.leadersTo(typeName) : [];
    const isOfRegion =
      typeName === 'Region' ||
      (leaders.length > 0 && leaders.every((leader) => leader.startsWith('Region.')));
    return rowRules.synthetic(typeName) ?? (isOfRegion && shape.isNumber(coordinate) ? 'none' : 'all');
  }

  function reach(item: Item): Rows {
    const { typeName, isField } = item;
    const { rows: special } = sharing.ofType(typeName);
    return both(
      regions.length > 0 ? (rowRules.inRegions(typeName, regions) ?? 'all') : 'all',
      isTest ? synthetic(item) : 'all',
      isField && special && isClosed(special) ? rowRules.meeting(typeName, special.where).no : 'all',
    );
  }

  const isNamed = (typeName: string, coordinate: string) =>
    scopes.includes(typeName) || scopes.includes(coordinate);

  /** Whether something of the rows of a type may be read: if not, how many there are is not told either. */
  const isRead = (typeName: string) =>
    ownRows(typeName) !== 'none' ||
    shape.fieldsOf(typeName).some((field) => sharing.of(field)?.open && isNamed(typeName, field));

  function isInScope({ coordinate, typeName }: Item): boolean {
    const declaredOn = coordinate.slice(0, coordinate.indexOf('.'));
    if (!shape.isWrapper(declaredOn)) return scopes.includes(typeName) || isNamed(declaredOn, coordinate);
    const rowType = shape.rowTypeBehind(declaredOn);
    return rowType === declaredOn || isRead(rowType);
  }

  return (item) => {
    const { coordinate, typeName } = item;
    if (!item.sharing.open) return { rows: own(item), why: `${coordinate} is not open to partners.` };
    if (!isInScope(item)) return { rows: own(item), why: `${coordinate} is not in the scopes of your key.` };
    return { rows: either(reach(item), own(item)), why: `Your key does not reach to this ${typeName}.` };
  };
}
