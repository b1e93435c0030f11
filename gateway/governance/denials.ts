import type { Words } from '@wenshu/schema/errors.ts';
import type { TypeSharing } from '@wenshu/schema/sharing.ts';
import type { Denial, RowRule } from '../request/denial.ts';
import { mask } from './mask.ts';
import type { ProtectedField } from './policy-model.ts';
import type { Requirement } from './security.ts';

// All denials of the gateway are made here, so that their wording stays even.

/** Denies a field, a filter or an order, except in the `exempt` rows. */
export const denyField = (
  { coordinate, sharing }: ProtectedField,
  { message, messageZh }: Words,
  exempt?: RowRule,
): Denial => ({
  code: 'NOT_SHARED',
  message,
  details: { coordinate, owner: sharing.owner, class: sharing.class, messageZh },
  ...(sharing.masked && { mask }),
  ...(exempt && { exempt }),
});

/** Denies the rows of a type, except the `exempt` ones. */
export const denyRows = (
  typeName: string,
  { keeper: owner, rows: special }: TypeSharing,
  exempt: RowRule,
): Denial => ({
  code: 'NOT_SHARED',
  message: `The ${typeName} at this place is not shared with you.`,
  details: {
    coordinate: typeName,
    ...(owner && { owner }),
    ...(special && { class: special.class }),
    messageZh: `此处的 ${typeName} 不对您共享。`,
  },
  exempt,
});

/** Denies the field of a list whose value depends on hidden rows, which `denial` denies. */
export const denyList = (coordinate: string, rowType: string, { code, details }: Denial): Denial => ({
  code,
  message: `${coordinate} would reveal rows of ${rowType} that are not shared with you.`,
  details: { ...details, coordinate, messageZh: `${coordinate} 会暴露不对您共享的 ${rowType} 记录。` },
});

/** Denies an order or a group by the ids of other rows, some of which are hidden. */
export const denyIds = (argument: string, field: string): Denial => ({
  code: 'NOT_SHARED',
  message: `${argument} by ${field} would reveal ids of rows that are not shared with you. Use a condition on the related records instead.`,
  details: {
    argument,
    messageZh: `按 ${field} 的 ${argument} 会暴露不对您共享的记录的标识。请改用关于相关记录的条件。`,
  },
});

/** Denies what has a requirement that the caller does not meet. */
export function denyUnmet(unmet: Requirement): Denial {
  const { coordinate, directive } = unmet;
  const [message, messageZh] = requirementIn(unmet);
  return {
    code: 'UNAUTHORIZED_FIELD_OR_TYPE',
    message,
    details: { coordinate, directive, messageZh },
  };
}

function requirementIn({
  coordinate,
  directive,
  anyOf,
}: Requirement): readonly [message: string, messageZh: string] {
  const lists = anyOf.map((all) => all.join(' '));
  switch (directive) {
    case 'authenticated':
      return [`${coordinate} needs a token. Send one.`, `${coordinate} 仅供持令牌的调用者查看。请附上令牌。`];
    case 'requiresScopes':
      return [
        `${coordinate} needs a token with these scopes: ${lists.join(', or ')}. Get one.`,
        `${coordinate} 需要含以下范围的令牌:${lists.join(',或 ')}。请获取该令牌。`,
      ];
    case 'policy':
      return [
        `${coordinate} is for callers that meet these policies: ${lists.join(', or ')}. Ask the operator.`,
        `${coordinate} 仅供符合以下策略的调用者查看:${lists.join(',或 ')}。请联系运维人员。`,
      ];
  }
}
