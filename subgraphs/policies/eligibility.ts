import {
  type ConditionalPolicy,
  type ConditionTest,
  type SubjectType,
  testsOn,
  type Verdict,
  verdicts,
} from '@wenshu/kit/criteria.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { factOf } from './facts.ts';
import {
  type Basis,
  basisOf,
  type Decide,
  decide,
  type Lineages,
  placeOf,
  type Subject,
} from './outcomes.ts';

/** A fact that is missing, or that is only known from a context. */
export interface MissingFact {
  readonly field: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly heldIn: string | null;
  readonly owner: Department | null;
}

export interface ConditionCheck {
  readonly textZh: string;
  readonly field: string;
  /** The measure that the condition belongs to; null for the whole policy. */
  readonly measureId: string | null;
  readonly verdict: Verdict;
  readonly basis: Basis | null;
  readonly reason: string;
  readonly reasonZh: string;
  readonly missing: MissingFact | null;
}

/** How many conditions have each verdict. */
export type Tally = Readonly<Record<Verdict, number>>;

export interface PolicyMatch {
  readonly policyId: string;
  readonly verdict: Verdict;
  readonly tally: Tally;
  readonly checks: () => readonly ConditionCheck[];
}

/** Selects matches: with one policy only, or with some verdicts only. */
export interface MatchesWanted {
  readonly policyId?: string | null;
  readonly verdict?: readonly Verdict[] | null;
  readonly includeDrafts: boolean;
}

/** A prepared condition. */
interface Prepared extends ConditionTest {
  readonly field: string;
  readonly outcome: Decide;
}

interface PreparedPolicy {
  readonly policyId: string;
  readonly tests: readonly Prepared[];
}

/**
 * Returns the policies with a condition on this kind of subject, in the order of their ids, each tested on the subject; only those with
 * one of the requested verdicts, if any are given. A policy without conditions is not included: nothing says that everybody is eligible.
 */
export function matchesOf(
  subject: Subject,
  policies: readonly ConditionalPolicy[],
  lineages: Lineages,
  wanted: MatchesWanted,
): PolicyMatch[] {
  const matches: PolicyMatch[] = [];
  for (const { policyId, tests } of prepare(subject.type, policies, wanted.includeDrafts)) {
    if (wanted.policyId != null && wanted.policyId !== policyId) continue;
    const tally = tallyOf(subject, tests, lineages);
    const verdict = lowestIn(tally);
    if (wanted.verdict && !wanted.verdict.includes(verdict)) continue;
    const checks = () => tests.map((test) => checkOf(subject, test, lineages));
    matches.push({ policyId, verdict, tally, checks });
  }
  return matches;
}

/** Prepared once for each list of policies, for all subjects of a request. */
const prepared = new WeakMap<readonly ConditionalPolicy[], Map<string, readonly PreparedPolicy[]>>();

function prepare(
  type: SubjectType,
  policies: readonly ConditionalPolicy[],
  includeDrafts: boolean,
): readonly PreparedPolicy[] {
  const ofPolicies = prepared.get(policies) ?? new Map<string, readonly PreparedPolicy[]>();
  prepared.set(policies, ofPolicies);
  const key = `${type} ${includeDrafts}`;
  const found =
    ofPolicies.get(key) ?? policies.flatMap((policy) => preparePolicy(type, policy, includeDrafts));
  ofPolicies.set(key, found);
  return found;
}

function preparePolicy(
  type: SubjectType,
  policy: ConditionalPolicy,
  includeDrafts: boolean,
): readonly PreparedPolicy[] {
  const tests = testsOn(type, policy, includeDrafts)?.map(({ condition, test }) => ({
    condition,
    test,
    field: condition?.field ?? `${type}.regionCode`,
    outcome: decide(test),
  }));
  return tests ? [{ policyId: policy.id, tests }] : [];
}

function tallyOf(subject: Subject, tests: readonly Prepared[], lineages: Lineages): Tally {
  const tally = { NOT_MET: 0, UNKNOWN: 0, LIKELY: 0, MET: 0 };
  for (const { outcome } of tests) tally[outcome(subject, lineages).verdict]++;
  return tally;
}

/** Returns the lowest verdict that occurs: that of the policy or the measure whose conditions are counted. */
const lowestIn = (tally: Tally): Verdict => verdicts.find((verdict) => tally[verdict] > 0) ?? 'MET';

/** A measure with the conditions that it needs, and the lowest verdict of these. */
export interface MeasureMatch<Measure> {
  readonly measure: Measure;
  readonly verdict: Verdict;
  readonly conditions: readonly ConditionCheck[];
}

/** Returns each measure with the conditions of the whole policy and its own. */
export const matchesOfMeasures = <Measure extends { readonly id: string }>(
  measures: readonly Measure[],
  checks: readonly ConditionCheck[],
): MeasureMatch<Measure>[] =>
  measures.map((measure) => {
    const conditions = checks.filter(({ measureId }) => measureId === null || measureId === measure.id);
    return { measure, verdict: lowestOf(conditions), conditions };
  });

/** Returns the verdict of conditions together. */
const lowestOf = (checks: readonly Pick<ConditionCheck, 'verdict'>[]): Verdict =>
  verdicts.find((verdict) => checks.some((check) => check.verdict === verdict)) ?? 'MET';

function checkOf(
  subject: Subject,
  { condition, test, field, outcome }: Prepared,
  lineages: Lineages,
): ConditionCheck {
  const { verdict, reason } = outcome(subject, lineages);
  const words = reason({ subject, test, field, lineages });
  return {
    textZh: condition?.textZh ?? territoryOf(test, lineages),
    field,
    measureId: condition?.measureId ?? null,
    verdict,
    basis: basisOf({ subject, test }, verdict),
    reason: words.en,
    reasonZh: words.zh,
    missing: isMissing(verdict, test) ? missingFact(field) : null,
  };
}

/** A test on other subjects, or on a region that the policy does not state, misses no fact of the subject. */
const isMissing = (verdict: Verdict, test: Prepared['test']) =>
  (verdict === 'UNKNOWN' || verdict === 'LIKELY') &&
  test.on !== 'others' &&
  !(test.on === 'region' && test.within === null);

function missingFact(field: string): MissingFact {
  const { name, heldIn, owner } = factOf(field);
  return { field, nameZh: name.zh, nameEn: name.en, heldIn, owner };
}

const territoryOf = (test: Prepared['test'], lineages: Lineages): string =>
  test.on === 'region' && test.within !== null
    ? `政策适用地区:${placeOf(test.within, lineages).nameZh}`
    : '政策适用地区';

/** Returns the codes of all regions in the policies' conditions. */
export const regionsIn = (policies: readonly ConditionalPolicy[]): string[] =>
  policies.flatMap(({ regionCode, conditions }) => [
    ...(regionCode ? [regionCode] : []),
    ...conditions.flatMap(({ op, value }) =>
      op === 'IN_REGION' && typeof value === 'string' ? [value] : [],
    ),
  ]);
