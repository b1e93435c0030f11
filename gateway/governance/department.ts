import { type DepartmentCaller, departmentNames } from '@wenshu/schema/caller.ts';
import type { Words } from '@wenshu/schema/errors.ts';
import type { ShareClass } from '@wenshu/schema/sharing.ts';
import type { RowRule } from '../request/denial.ts';
import type { Grant } from './agreements.ts';
import { namedRowsOf } from './named-rows.ts';
import { type Decide, isPart, type PolicyModel, type ProtectedField } from './policy-model.ts';
import { both, either, type Rows } from './rows.ts';

/**
 * Decides for a department. It sees unconditional data, its own data, and what its agreements open. A department that
 * is responsible for a region sees non-public data of that region only. It sees exceptional rows (`@sharingRows`) if
 * they are its own or an agreement opens their fields. A person who acts for an agency sees the rows that name it
 * (`@namedAgencies`).
 * 无条件共享, 有条件共享, 不予共享; a work secret (工作秘密) is for its owner alone, too.
 */
export function departmentDecide(
  { department, region, agency }: DepartmentCaller,
  active: readonly Grant[],
  model: PolicyModel,
): Decide {
  const { sharing: declared, rowRules, shape } = model;
  const confined = (field: ProtectedField): Rows =>
    region === undefined ? 'all' : within(field, inRegion(region), isConditional);
  const inRegion = (code: string) => (typeName: string) => rowRules.inRegions(typeName, [code]);
  const isConditional = (coordinate: string) => declared.of(coordinate)?.class !== 'UNCONDITIONAL';

  /**
   * Returns the rows of a field within a limit. If the type itself cannot express the limit, all rows are within it
   * provided that the limit holds elsewhere: for a part of a row on every way to it, for a root field in all rows
   * that it leads to.
   */
  function within(
    { coordinate, typeName, isField }: ProtectedField,
    limit: (typeName: string) => RowRule | undefined,
    isLimited: (coordinate: string) => boolean,
  ): Rows {
    const rule = limit(typeName);
    if (rule) return rule;
    const rowType = shape.isWrapper(typeName) ? shape.rowTypeAt(coordinate) : undefined;
    const isHeld = rowType
      ? limit(rowType) !== undefined && shape.identityOf(rowType).every(isLimited)
      : isField && isPart(typeName, model) && shape.leadersTo(typeName).every(isLimited);
    return isHeld ? 'all' : 'none';
  }

  const granted = (field: ProtectedField): Rows =>
    either(
      ...active
        .filter(({ fields }) => fields.includes(field.coordinate))
        .map((grant) => both(reachOf(grant, field), confined(field))),
    );

  function reachOf(grant: Grant, field: ProtectedField): Rows {
    const isLimitedAlike = (coordinate: string) =>
      isConditional(coordinate) &&
      declared.of(coordinate)?.owner !== department &&
      active.every(
        (other) =>
          !other.fields.includes(coordinate) || (other.region === grant.region && other.park === grant.park),
      );
    const { region: code, park } = grant;
    return both(
      code === undefined ? 'all' : within(field, inRegion(code), isLimitedAlike),
      park === undefined
        ? 'all'
        : within(field, (typeName) => rowRules.ofPark(typeName, park), isLimitedAlike),
    );
  }

  const byClass = (shareClass: ShareClass, isOwn: boolean, field: ProtectedField): Rows => {
    if (shareClass === 'UNCONDITIONAL') return 'all';
    if (isOwn) return confined(field);
    return shareClass === 'CONDITIONAL' ? granted(field) : 'none';
  };

  function rowsOf(field: ProtectedField): Rows {
    const { sharing, typeName, isField } = field;
    const ofField = byClass(sharing.class, sharing.owner === department, field);
    const { rows: special, keeper } = declared.ofType(typeName);
    if (!special || (!isField && sharing.class === 'UNCONDITIONAL')) return ofField;
    const { yes, no } = rowRules.meeting(typeName, special.where);
    const isJoint = special.jointly === department;
    const ofSpecial = special.namedOnly
      ? 'none'
      : byClass(special.class, isJoint || keeper === department, field);
    const asJoint = isJoint && sharing.owner === keeper ? both(yes, confined(field)) : 'none';
    return either(both(ofField, either(no, ofSpecial)), asJoint);
  }

  const named = agency === undefined ? undefined : namedRowsOf(agency, model, rowsOf);

  return (field) => {
    const rows = either(rowsOf(field), named ? both(named(field), confined(field)) : 'none');
    return { rows, why: whyNot(field, rows, field.sharing.owner === department) };
  };
}

function whyNot({ coordinate, sharing }: ProtectedField, rows: Rows, isOwn: boolean): Words {
  const ownerZh = departmentNames[sharing.owner];
  const owner = `${sharing.owner} (${ownerZh})`;
  if (isOwn) {
    return {
      message: `${coordinate} is shown to you only for the region that your department is responsible for.`,
      messageZh: `${coordinate} 只向您显示您部门所负责地区的数据。`,
    };
  }
  if (sharing.class === 'WITHHELD' || sharing.class === 'WORK_SECRET') {
    return {
      message: `${coordinate} is only for its owner, ${owner}.`,
      messageZh: `${coordinate} 仅供其归口部门${ownerZh}查看。`,
    };
  }
  if (rows !== 'none') {
    return {
      message: `${coordinate} belongs to ${owner}; the agreement with your department does not cover this place.`,
      messageZh: `${coordinate} 归${ownerZh}所有;与您部门的共享协议不涵盖此处。`,
    };
  }
  return {
    message:
      `${coordinate} belongs to ${owner}, which shares it by agreement. Your department has none for the purpose ` +
      'that this request states (header x-wenshu-purpose).',
    messageZh: `${coordinate} 归${ownerZh}所有,须凭共享协议查看。您部门没有适用于本次请求所述用途(请求头 x-wenshu-purpose)的协议。`,
  };
}
