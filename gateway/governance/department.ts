import { type Department, type DepartmentCaller, departmentNames } from '@wenshu/schema/caller.ts';
import type { ShareClass } from '@wenshu/schema/sharing.ts';
import type { RowRule } from '../request/authorization.ts';
import type { Grant } from './agreements.ts';
import { type Decide, type Ground, type Item, isPart } from './decide.ts';
import { both, either, type Rows } from './row-rules.ts';

/**
 * A department sees what is unconditional, what is its own, and what its agreements open. One that is responsible
 * for a region sees of what is not unconditional the rows of that region alone. Rows that are shared otherwise than
 * their type (`@sharingRows`) it sees where they are its own, or by an agreement on their fields.
 * 政务数据共享条例: 无条件共享, 有条件共享, 不予共享.
 */
export function departmentDecide(
  { department, region }: DepartmentCaller,
  active: readonly Grant[],
  ground: Ground,
): Decide {
  const { sharing: declared, rowRules, shape } = ground;
  const confined = (item: Item): Rows =>
    region === undefined ? 'all' : within(item, inRegion(region), isConditional);
  const inRegion = (code: string) => (typeName: string) => rowRules.inRegions(typeName, [code]);
  const isConditional = (coordinate: string) => declared.of(coordinate)?.class !== 'UNCONDITIONAL';

  /**
   * The rows of an item within a limit. Where its type cannot tell them apart, all, if the limit holds on either side
   * of it: for a part of a row on every way to it, for a field of the root in all that it leads to.
   */
  function within(
    { coordinate, typeName, isField }: Item,
    limit: (typeName: string) => RowRule | undefined,
    isLimited: (coordinate: string) => boolean,
  ): Rows {
    const rule = limit(typeName);
    if (rule) return rule;
    const rowType = shape.isWrapper(typeName) ? shape.rowTypeAt(coordinate) : undefined;
    const isHeld = rowType
      ? limit(rowType) !== undefined && shape.identityOf(rowType).every(isLimited)
      : isField && isPart(typeName, ground) && shape.leadersTo(typeName).every(isLimited);
    return isHeld ? 'all' : 'none';
  }

  const granted = (item: Item): Rows =>
    either(
      ...active
        .filter(({ fields }) => fields.includes(item.coordinate))
        .map((grant) => both(reachOf(grant, item), confined(item))),
    );

  function reachOf(grant: Grant, item: Item): Rows {
    const isLimitedAlike = (coordinate: string) =>
      isConditional(coordinate) &&
      declared.of(coordinate)?.owner !== department &&
      active.every(
        (other) =>
          !other.fields.includes(coordinate) || (other.region === grant.region && other.park === grant.park),
      );
    const { region: code, park } = grant;
    return both(
      code === undefined ? 'all' : within(item, inRegion(code), isLimitedAlike),
      park === undefined
        ? 'all'
        : within(item, (typeName) => rowRules.ofPark(typeName, park), isLimitedAlike),
    );
  }

  const byClass = (shareClass: ShareClass, isOwn: boolean, item: Item): Rows => {
    if (shareClass === 'UNCONDITIONAL') return 'all';
    if (isOwn) return confined(item);
    return shareClass === 'CONDITIONAL' ? granted(item) : 'none';
  };

  function rowsOf(item: Item): Rows {
    const { sharing, typeName, isField } = item;
    const ofField = byClass(sharing.class, sharing.owner === department, item);
    const { rows: special, keeper } = declared.ofType(typeName);
    if (!special || (!isField && sharing.class === 'UNCONDITIONAL')) return ofField;
    const { yes, no } = rowRules.meeting(typeName, special.where);
    const isJoint = special.jointly === department;
    const ofSpecial = byClass(special.class, isJoint || keeper === department, item);
    const asJoint = isJoint && sharing.owner === keeper ? both(yes, confined(item)) : 'none';
    return either(both(ofField, either(no, ofSpecial)), asJoint);
  }

  return (item) => {
    const rows = rowsOf(item);
    return { rows, why: whyNot(item, rows, item.sharing.owner === department) };
  };
}

function whyNot({ coordinate, sharing }: Item, rows: Rows, isOwn: boolean): string {
  const owner = nameOf(sharing.owner);
  if (isOwn)
    return `${coordinate} is shown to you of the region alone that your department is responsible for.`;
  if (sharing.class === 'WITHHELD') return `${coordinate} is kept by ${owner} for itself alone.`;
  if (rows !== 'none') {
    return `${coordinate} belongs to ${owner}; the agreement with your department does not reach to here.`;
  }
  return (
    `${coordinate} belongs to ${owner}, which shares it by agreement. Your department has none for the purpose ` +
    'that this request states (header x-wenshu-purpose).'
  );
}

const nameOf = (department: Department) => `${department} (${departmentNames[department]})`;
