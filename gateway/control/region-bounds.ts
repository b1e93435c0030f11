import type { DepartmentCaller } from '@wenshu/schema/caller.ts';
import { badInput, HubError } from '@wenshu/schema/errors.ts';
import type { Places } from '../governance/places.ts';

/** A person who acts; one with a region acts for that region only. */
export type Bound = Pick<DepartmentCaller, 'region'>;

/** Region codes of an object; null for one without a region. */
export type Extent = readonly (string | null | undefined)[];

/** Refuses an object outside the caller's region. `what` begins an English sentence, and `whatZh` a Chinese one. */
export function refuseBeyond(
  { region }: Bound,
  extent: Extent,
  { isWithin }: Pick<Places, 'isWithin'>,
  { what, whatZh }: { readonly what: string; readonly whatZh: string },
): void {
  if (region === undefined || (extent.length > 0 && extent.every((code) => code && isWithin(code, region)))) {
    return;
  }
  throw new HubError(
    'FORBIDDEN',
    `${what} reaches beyond region ${region}, to which your token is limited. Ask a colleague whose region is larger.`,
    { region, messageZh: `${whatZh}超出您的令牌所限地区 ${region}。请由本部门职责范围更大的人员办理。` },
  );
}

/** Refuses a malformed region code, and one that no region has. */
export function refuseUnknownRegion(
  argument: string,
  code: string,
  { isRegion }: Pick<Places, 'isRegion'>,
): void {
  const name = /^[^.]+\.(\w+)/.exec(argument)?.[1] ?? argument;
  if (!/^\d{6}$/.test(code)) {
    const [what, whatZh] = name === 'regions' ? ['A region', '地区'] : [`"${name}"`, `“${name}”`];
    throw badInput(
      argument,
      `${what} must be a code like 110105, not "${code}".`,
      `${whatZh}须为形如 110105 的代码,不能是“${code}”。`,
    );
  }
  if (isRegion(code) === false) {
    throw badInput(argument, `There is no region ${code}.`, `没有代码为 ${code} 的地区。`);
  }
}
