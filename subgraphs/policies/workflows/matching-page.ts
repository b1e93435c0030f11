import type { ConditionalPolicy, Verdict } from '@wenshu/kit/criteria.ts';
import { type ConditionCheck, matchesOf, matchesOfMeasures } from '../eligibility.ts';
import type { EnterpriseFacts } from '../match-subjects.ts';
import { enterpriseSubject } from '../match-subjects.ts';
import type { Lineages } from '../outcomes.ts';
import type { FactGap, TierAmount } from '../tables.ts';
import { gapsTogether } from './fact-gaps.ts';

/** An enterprise with the facts of other agencies that conditions are tested on. */
export type EnterpriseOfPage = EnterpriseFacts & {
  readonly version: number;
  readonly blacklistEntry?: { readonly id: string } | null;
};

/** An enterprise that meets all conditions. */
export type Met = { readonly enterprise: EnterpriseOfPage; readonly conditions: readonly ConditionCheck[] };

/** What a page of enterprises gave. */
export type PageResult = {
  readonly counts: Readonly<
    Record<'tested' | 'met' | 'likely' | 'unknown' | 'notMet' | 'blacklisted', number>
  >;
  readonly met: readonly Met[];
  readonly gaps: readonly FactGap[];
};

const counterOf = {
  MET: 'met',
  LIKELY: 'likely',
  UNKNOWN: 'unknown',
  NOT_MET: 'notMet',
} as const satisfies Record<Verdict, keyof PageResult['counts']>;

/** Tests a measure on a page of enterprises. Those on the blacklist are counted, and not tested. */
export function testPage(
  measureId: string,
  policy: ConditionalPolicy,
  lineages: Lineages,
  enterprises: readonly EnterpriseOfPage[],
  isBarred: (enterpriseId: string) => boolean,
): PageResult {
  const counts = { tested: 0, met: 0, likely: 0, unknown: 0, notMet: 0, blacklisted: 0 };
  const met: Met[] = [];
  let gaps: readonly FactGap[] = [];
  for (const enterprise of enterprises) {
    counts.tested += 1;
    if (enterprise.blacklistEntry || isBarred(enterprise.id)) {
      counts.blacklisted += 1;
      continue;
    }
    const { verdict, conditions } = matchOf(measureId, policy, lineages, enterprise);
    counts[counterOf[verdict]] += 1;
    if (verdict === 'MET') met.push({ enterprise, conditions });
    if (verdict === 'UNKNOWN' || verdict === 'LIKELY') gaps = gapsTogether(gaps, gapsIn(conditions));
  }
  return { counts, met, gaps };
}

function matchOf(
  measureId: string,
  policy: ConditionalPolicy,
  lineages: Lineages,
  enterprise: EnterpriseOfPage,
) {
  const [match] = matchesOf(enterpriseSubject(enterprise), [policy], lineages, { includeDrafts: false });
  const [ofMeasure] = matchesOfMeasures([{ id: measureId }], match?.checks() ?? []);
  return ofMeasure && match ? ofMeasure : { verdict: 'UNKNOWN' as const, conditions: [] };
}

/** Returns the facts that one enterprise lacks, each once. */
const gapsIn = (conditions: readonly ConditionCheck[]): readonly FactGap[] => [
  ...new Map(
    conditions.flatMap(({ missing, verdict }) =>
      missing
        ? [
            [
              missing.field,
              { ...missing, unknown: verdict === 'UNKNOWN' ? 1 : 0, likely: verdict === 'LIKELY' ? 1 : 0 },
            ],
          ]
        : [],
    ),
  ).values(),
];

/** Returns the amount by the rule: the highest of the tiers that an enterprise holds, otherwise the usual one. */
export function amountFor(
  { amount, tierAmounts }: { readonly amount: string; readonly tierAmounts: readonly TierAmount[] },
  enterprise: EnterpriseOfPage,
): string {
  const held: readonly string[] = enterpriseSubject(enterprise).facts.tier?.values ?? [];
  const amounts = tierAmounts.filter(({ tier }) => held.includes(tier)).map((each) => each.amount);
  return amounts.sort((a, b) => Number(b) - Number(a))[0] ?? amount;
}
