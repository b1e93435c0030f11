import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { type Decide, type Ground, type Item, isPart } from './decide.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * A partner sees what is open and in the scopes of its key, as far as the key reaches; and, with consent, all that
 * is kept about its own enterprise. Rows that are shared otherwise than their type (`@sharingRows`) are never open.
 */
export function partnerDecide(
  { scopes, regions, isTest, enterpriseId }: PartnerCaller,
  ground: Ground,
): Decide {
  const { sharing, rowRules, shape } = ground;

  function own({ typeName, isField }: Item): Rows {
    if (enterpriseId === undefined || !isField) return 'none';
    const path = sharing.ofType(typeName).enterpriseId;
    if (path) return rowRules.withId(typeName, path, enterpriseId);
    // What nothing open leads to is only ever reached from the partner's own rows.
    const isClosed = (leader: string) => !sharing.of(leader)?.open;
    return isPart(typeName, ground) && shape.leadersTo(typeName).every(isClosed) ? 'all' : 'none';
  }

  function reach({ typeName, isField }: Item): Rows {
    const { rows: special } = sharing.ofType(typeName);
    return both(
      regions.length > 0 ? (rowRules.inRegions(typeName, regions) ?? 'all') : 'all',
      isTest ? (rowRules.synthetic(typeName) ?? 'all') : 'all',
      isField && special && special.class !== 'UNCONDITIONAL'
        ? rowRules.meeting(typeName, special.where).no
        : 'all',
    );
  }

  return (item) => {
    const { coordinate, typeName } = item;
    if (!item.sharing.open) return { rows: own(item), why: `${coordinate} is not open to partners.` };
    const declaredOn = coordinate.slice(0, coordinate.indexOf('.'));
    const isInScope =
      shape.isWrapper(declaredOn) || [typeName, declaredOn, coordinate].some((each) => scopes.includes(each));
    if (!isInScope) return { rows: own(item), why: `${coordinate} is not in the scopes of your key.` };
    return { rows: either(reach(item), own(item)), why: `Your key does not reach to this ${typeName}.` };
  };
}
