import { departmentNames } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import type { Evidence, MissingFact } from '@wenshu/schema/evidence.ts';
import type { Context } from '../context.ts';

/**
 * Returns the facts of other agencies that the gateway sent with a change (`@writable(evidence:)`). Throws EVIDENCE_MISSING
 * if one could not be had. `needed` names, as coordinates, what the change rests on, for a caller without a gateway.
 */
export function evidenceOf(
  { evidence }: Pick<Context, 'evidence'>,
  needed: readonly string[] = [],
): Evidence {
  if (!evidence) throw evidenceMissing(needed.map((coordinate) => ({ coordinate })));
  if (evidence.missing.length > 0) throw evidenceMissing(evidence.missing);
  return evidence;
}

/** Refuses a change for which a fact could not be had. */
export function refuseMissing({ evidence }: Pick<Context, 'evidence'>): void {
  if (evidence && evidence.missing.length > 0) throw evidenceMissing(evidence.missing);
}

const evidenceMissing = (missing: readonly MissingFact[]) =>
  new HubError(
    'EVIDENCE_MISSING',
    `Nothing was changed, because facts of other departments could not be had: ${missing.map(inEnglish).join(', ')}. Try again later.`,
    {
      messageZh: `未作任何变更:暂时无法取得其他部门的事实 ${missing.map(inChinese).join('、')}。请稍后再试。`,
      missing,
    },
  );

const inEnglish = ({ coordinate, owner }: MissingFact) =>
  owner ? `${coordinate} of ${departmentNames[owner]} (${owner})` : coordinate;

const inChinese = ({ coordinate, owner }: MissingFact) =>
  owner ? `${departmentNames[owner]}的 ${coordinate}` : coordinate;
