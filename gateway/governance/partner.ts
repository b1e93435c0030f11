import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import type { Decide, Decision, Ground, Item } from './decide.ts';
import { approversOf, enterpriseRowsOf, isClosed } from './own-enterprise.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * A partner sees what is open and in the scopes of its key, as far as the key reaches; and, with consent, all that
 * is kept about its own enterprise. All of it is of one kind: real, or, for a test key, synthetic. Rows that are
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

  function reach({ typeName, isField }: Item): Rows {
    const { rows: special } = sharing.ofType(typeName);
    return both(
      inItsRegions(typeName),
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

  function rowsOf(item: Item): Decision {
    const { coordinate, typeName } = item;
    if (!item.sharing.open) return { rows: own(item), why: `${coordinate} is not open to partners.` };
    if (!isInScope(item)) return { rows: own(item), why: `${coordinate} is not in the scopes of your key.` };
    return { rows: either(reach(item), own(item)), why: `Your key does not reach to this ${typeName}.` };
  }

  return (item) => {
    const { rows, why } = rowsOf(item);
    // A filter or an order picks among rows that are of its kind already.
    return { rows: item.isField ? both(ofItsKind(item.typeName), rows) : rows, why };
  };
}
