/** Result of a condition or a policy. Missing data is never MET. */
export type Verdict = 'MET' | 'NOT_MET' | 'UNKNOWN';

/** Facts of other agencies about a subject; null where they have none. */
export type Subject =
  | {
      readonly type: 'enterprise';
      readonly region: string | null;
      readonly regionBasis: 'STATED' | 'CONTEXT' | null;
      readonly tiers: readonly string[] | null;
      /** True if the list of tiers is complete; otherwise others may be missing. */
      readonly areTiersComplete: boolean;
    }
  | { readonly type: 'park'; readonly region: string | null; readonly kind: string };

/** A condition of a policy. */
export interface StatedCondition {
  readonly field: string;
  readonly op: string;
  readonly value: unknown;
  readonly textZh: string;
}

/** A policy with conditions. */
export interface ConditionalPolicy {
  readonly id: string;
  readonly status: string;
  readonly regionCode: string | null;
  readonly conditions: readonly StatedCondition[];
}

export interface Place {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

/** Regions by code, each with itself and everything above it. */
export type Lineages = Pick<ReadonlyMap<string, readonly Place[]>, 'get'>;

/** Reason in Chinese and in English. */
type Reason = readonly [zh: string, en: string];

/** The subject of an outcome and the accepted values. */
interface Case {
  readonly subject: Subject;
  readonly accepted: readonly unknown[];
  readonly lineages: Lineages;
}

/**
 * An outcome. There are few, and each is created once: thousands of conditions are tested in a request, and most results are never read.
 * The reason is put into words only when it is read.
 */
interface Outcome {
  readonly verdict: Verdict;
  readonly reason: (of: Case) => Reason;
}

/** A prepared condition, to be tested on subjects of one kind. */
interface Test {
  readonly textZh: (lineages: Lineages) => string;
  readonly field: string;
  readonly accepted: readonly unknown[];
  readonly outcome: (subject: Subject, lineages: Lineages) => Outcome;
}

export interface ConditionCheck {
  readonly textZh: string;
  readonly field: string;
  readonly verdict: Verdict;
  readonly reasonZh: string;
  readonly reasonEn: string;
}

export interface PolicyMatch {
  readonly policyId: string;
  readonly verdict: Verdict;
  readonly conditions: () => readonly ConditionCheck[];
}

const inForce = new Set(['ISSUED', 'TRIAL']);
const notYetIssued = new Set(['DRAFT_FOR_COMMENT', 'DRAFTING', 'PLANNED']);

/** Kind of subject by the first word of a condition's field. */
const subjectOf: Readonly<Record<string, Subject['type']>> = {
  enterprise: 'enterprise',
  business: 'enterprise',
  violation: 'enterprise',
  park: 'park',
};

const isOn = (type: Subject['type'], { field }: StatedCondition) =>
  subjectOf[field.slice(0, field.indexOf('.'))] === type;

/** Selects matches: with one policy only, or with some verdicts only. */
export interface MatchesWanted {
  readonly policyId?: string | null;
  readonly verdict?: readonly Verdict[] | null;
  readonly includeDrafts: boolean;
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
  for (const { policyId, tests } of testsOn(subject.type, policies, wanted.includeDrafts)) {
    if (wanted.policyId != null && wanted.policyId !== policyId) continue;
    const verdict = overall(subject, tests, lineages);
    if (wanted.verdict && !wanted.verdict.includes(verdict)) continue;
    const conditions = () => tests.map((test) => checkOf(subject, test, lineages));
    matches.push({ policyId, verdict, conditions });
  }
  return matches;
}

interface TestedPolicy {
  readonly policyId: string;
  readonly tests: readonly Test[];
}

/** Prepared once for each list of policies, for all subjects of a request. */
const made = new WeakMap<readonly ConditionalPolicy[], Map<string, readonly TestedPolicy[]>>();

function testsOn(
  type: Subject['type'],
  policies: readonly ConditionalPolicy[],
  includeDrafts: boolean,
): readonly TestedPolicy[] {
  const ofPolicies = made.get(policies) ?? new Map<string, readonly TestedPolicy[]>();
  made.set(policies, ofPolicies);
  const key = `${type} ${includeDrafts}`;
  let found = ofPolicies.get(key);
  if (!found) {
    found = policies
      .filter(
        ({ status, conditions }) =>
          (inForce.has(status) || (includeDrafts && notYetIssued.has(status))) &&
          conditions.some((condition) => isOn(type, condition)),
      )
      .map((policy) => ({ policyId: policy.id, tests: testsOf(type, policy) }))
      .sort((a, b) => (a.policyId < b.policyId ? -1 : 1));
    ofPolicies.set(key, found);
  }
  return found;
}

/** Prepares the conditions of a policy. The region for which it was issued is an implicit condition. */
function testsOf(type: Subject['type'], { regionCode, conditions }: ConditionalPolicy): Test[] {
  const stated = conditions.map((condition) => testOf(type, condition));
  const statesTerritory = conditions.some(({ op, value }) => op === 'IN_REGION' && value === regionCode);
  return statesTerritory ? stated : [territoryTest(type, regionCode), ...stated];
}

/** Returns NOT_MET as soon as one condition is not met; MET only if all are met. */
function overall(subject: Subject, tests: readonly Test[], lineages: Lineages): Verdict {
  let verdict: Verdict = 'MET';
  for (const { outcome } of tests) {
    const found = outcome(subject, lineages).verdict;
    if (found === 'NOT_MET') return found;
    if (found === 'UNKNOWN') verdict = found;
  }
  return verdict;
}

function checkOf(subject: Subject, test: Test, lineages: Lineages): ConditionCheck {
  const { textZh, field, accepted, outcome } = test;
  const { verdict, reason } = outcome(subject, lineages);
  const [reasonZh, reasonEn] = reason({ subject, accepted, lineages });
  return { textZh: textZh(lineages), field, verdict, reasonZh, reasonEn };
}

/** Returns the codes of all regions in the policies' conditions. */
export const regionsIn = (policies: readonly ConditionalPolicy[]): string[] =>
  policies.flatMap(({ regionCode, conditions }) => [
    ...(regionCode ? [regionCode] : []),
    ...conditions.flatMap(({ op, value }) =>
      op === 'IN_REGION' && typeof value === 'string' ? [value] : [],
    ),
  ]);

const territoryTest = (type: Subject['type'], territory: string | null): Test => ({
  textZh: (lineages) => (territory ? `政策适用地区:${placeOf(territory, lineages).nameZh}` : '政策适用地区'),
  field: `${type}.regionCode`,
  accepted: [territory],
  outcome: territory ? liesIn(territory) : () => appliesNowhere,
});

function testOf(type: Subject['type'], condition: StatedCondition): Test {
  const { field, op, value, textZh } = condition;
  const accepted = acceptedValues(op, value);
  return {
    textZh: () => textZh,
    field,
    accepted: accepted ?? [value],
    outcome: outcomeOf(type, condition, accepted),
  };
}

function outcomeOf(
  type: Subject['type'],
  condition: StatedCondition,
  accepted: readonly unknown[] | undefined,
): Test['outcome'] {
  const { field, op, value } = condition;
  if (!isOn(type, condition)) return () => isOnOthers;
  if (field.startsWith('violation.')) return () => dependsOnTheCase;
  if (field === 'enterprise.onList') return () => listIsMissing;
  if (field === `${type}.regionCode` && op === 'IN_REGION' && typeof value === 'string') return liesIn(value);
  if (accepted && field === 'enterprise.tier') return (subject) => holdsTier(subject, accepted);
  if (accepted && field === 'park.kind') return (subject) => isOfKind(subject, accepted);
  return () => isNotKept;
}

/** Returns the values that a condition accepts; `undefined` if the comparison does not apply to such values. */
function acceptedValues(op: string, value: unknown): readonly unknown[] | undefined {
  if (op === 'EQ') return [value];
  return (op === 'IN' || op === 'HAS') && Array.isArray(value) ? value : undefined;
}

function isOfKind(subject: Subject, accepted: readonly unknown[]): Outcome {
  if (subject.type !== 'park') return isOnOthers;
  return accepted.includes(subject.kind) ? hasKind : hasOtherKind;
}

function holdsTier(subject: Subject, accepted: readonly unknown[]): Outcome {
  if (subject.type !== 'enterprise') return isOnOthers;
  const { tiers, areTiersComplete } = subject;
  if (!tiers) return tiersAreUnknown;
  if (tiers.some((tier) => accepted.includes(tier))) return hasTier;
  return areTiersComplete ? hasOtherTiers : mayHaveOtherTiers;
}

const liesIn =
  (wanted: string): Test['outcome'] =>
  (subject, lineages) => {
    const { region } = subject;
    if (!region) return regionIsUnknown;
    if (subject.type === 'enterprise' && subject.regionBasis !== 'STATED') {
      return subject.regionBasis === 'CONTEXT' ? regionIsContext : regionHasNoBasis;
    }
    const above = lineages.get(region) ?? [];
    if (includesPlace(above, wanted)) return region === wanted ? liesThere : liesWithin;
    const aboveWanted = lineages.get(wanted) ?? [];
    if (above.length === 0) return regionIsNotKept;
    if (aboveWanted.length === 0) return wantedIsNotKept;
    return includesPlace(aboveWanted, region) ? mayLieWithin : liesElsewhere;
  };

const includesPlace = (lineage: readonly Place[], code: string) =>
  lineage.some((place) => place.code === code);

const placeOf = (code: string, lineages: Lineages): Place =>
  lineages.get(code)?.find((place) => place.code === code) ?? { code, nameZh: code, nameEn: code };

const here = ({ subject, lineages }: Case): Place => placeOf(subject.region ?? '', lineages);
const there = ({ accepted, lineages }: Case): Place => placeOf(String(accepted[0]), lineages);
const tiersOf = ({ subject }: Case) => (subject.type === 'enterprise' && subject.tiers) || [];
const kindOf = ({ subject }: Case) => (subject.type === 'park' ? subject.kind : '');

const met = (reason: Outcome['reason']): Outcome => ({ verdict: 'MET', reason });
const notMet = (reason: Outcome['reason']): Outcome => ({ verdict: 'NOT_MET', reason });
const unknown = (reason: Outcome['reason']): Outcome => ({ verdict: 'UNKNOWN', reason });

const appliesNowhere = unknown(() => [
  '来源没有写明政策适用的地区。',
  'No source says where the policy applies.',
]);
const isOnOthers = unknown(() => [
  '此条件不是对这类主体的。',
  'The condition is on another kind of subject.',
]);
const dependsOnTheCase = unknown(() => [
  '须看具体违法行为,登记信息无从判断。',
  'It depends on the facts of a single case, which no register keeps.',
]);
const listIsMissing = unknown(() => [
  '来源未附名单,是否在列不明。',
  'The list that it refers to is missing in the source.',
]);
const isNotKept = unknown(() => ['没有部门记录此项事实。', 'No agency keeps this fact.']);

const hasKind = met((of) => [`种类为${kindOf(of)}。`, `Its kind is ${kindOf(of)}.`]);
const hasOtherKind = notMet((of) => [
  `种类为${kindOf(of)};要求${of.accepted.join('、')}。`,
  `Its kind is ${kindOf(of)}; required: ${of.accepted.join(', ')}.`,
]);

const tiersAreUnknown = unknown(() => [
  '没有来源说明其梯度称号,不等于没有。',
  'No source states its tiers. This does not mean that it holds none.',
]);
const hasTier = met((of) => {
  const held = tiersOf(of).filter((tier) => of.accepted.includes(tier));
  return [`持有${held.join('、')}。`, `It holds ${held.join(', ')}.`];
});
const hasOtherTiers = notMet((of) => [
  `所记称号:${tiersOf(of).join('、') || '无'};要求其一:${of.accepted.join('、')}。`,
  `Its recorded tiers: ${tiersOf(of).join(', ') || 'none'}; required: one of ${of.accepted.join(', ')}.`,
]);
const mayHaveOtherTiers = unknown((of) => {
  const [zh, en] = hasOtherTiers.reason(of);
  return [
    `${zh}称号名录未经核对,可能不全。`,
    `${en} The register was not checked, so others may be missing.`,
  ];
});

const regionIsUnknown = unknown(() => ['所在地区没有记录。', 'Its region is not recorded.']);
const regionIsContext = unknown((of) => [
  `仅在${here(of).nameZh}的报道中提及,所在地区未经证实。`,
  `It is only mentioned in a report on ${here(of).nameEn}; its location is not stated.`,
]);
const regionHasNoBasis = unknown(() => ['所在地区没有依据。', 'No basis of its region is recorded.']);
const isNotKeptPlace = ({ code }: Place): Reason => [
  `没有区划${code}的资料。`,
  `The region ${code} is not recorded.`,
];
const regionIsNotKept = unknown((of) => isNotKeptPlace(here(of)));
const wantedIsNotKept = unknown((of) => isNotKeptPlace(there(of)));
const liesThere = met((of) => [`位于${here(of).nameZh}。`, `It lies in ${here(of).nameEn}.`]);
const liesWithin = met((of) => [
  `位于${here(of).nameZh},属于${there(of).nameZh}。`,
  `It lies in ${here(of).nameEn}, which is part of ${there(of).nameEn}.`,
]);
const mayLieWithin = unknown((of) => [
  `只记录到${here(of).nameZh},是否位于${there(of).nameZh}不明。`,
  `Only ${here(of).nameEn} is recorded. It is unknown if it lies in ${there(of).nameEn}.`,
]);
const liesElsewhere = notMet((of) => [
  `位于${here(of).nameZh},不属于${there(of).nameZh}。`,
  `It lies in ${here(of).nameEn}, which is not part of ${there(of).nameEn}.`,
]);
