/** Missing data is never MET. */
export type Verdict = 'MET' | 'NOT_MET' | 'UNKNOWN';

/** What other agencies have on record of a subject; null where they have nothing. */
export type Subject =
  | {
      readonly type: 'enterprise';
      readonly region: string | null;
      readonly regionBasis: 'STATED' | 'CONTEXT' | null;
      readonly tiers: readonly string[] | null;
      /** Whether the tiers are all that it holds; otherwise others may be missing. */
      readonly areTiersComplete: boolean;
    }
  | { readonly type: 'park'; readonly region: string | null; readonly kind: string };

/** A condition as the policy states it. */
export interface StatedCondition {
  readonly field: string;
  readonly op: string;
  readonly value: unknown;
  readonly textZh: string;
}

/** A policy that states conditions. */
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

/** In Chinese and in English. */
type Reason = readonly [zh: string, en: string];

/** The reason is put into words only for who reads it: most policies are ruled out unread. */
interface Outcome {
  readonly verdict: Verdict;
  readonly reason: () => Reason;
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

/** Whose facts the conditions are on, by the first word of their field. */
const subjectOf: Readonly<Record<string, Subject['type']>> = {
  enterprise: 'enterprise',
  business: 'enterprise',
  violation: 'enterprise',
  park: 'park',
};

const isOn = (type: Subject['type'], { field }: StatedCondition) =>
  subjectOf[field.slice(0, field.indexOf('.'))] === type;

/**
 * The policies that state a condition on this kind of subject, each held against it. A policy that
 * states none is not among them: that everyone fits it for want of a condition would be an invention.
 */
export const matchesOf = (
  subject: Subject,
  policies: readonly ConditionalPolicy[],
  lineages: Lineages,
  { includeDrafts }: { includeDrafts: boolean },
): PolicyMatch[] =>
  policiesOn(subject.type, policies, includeDrafts).map((policy) => ({
    policyId: policy.id,
    verdict: overall(subject, policy, lineages),
    conditions: () => checksOf(subject, policy, lineages),
  }));

/** Found once for each list of policies: the subjects of a request are held against the same. */
const considered = new WeakMap<readonly ConditionalPolicy[], Map<string, readonly ConditionalPolicy[]>>();

function policiesOn(
  type: Subject['type'],
  policies: readonly ConditionalPolicy[],
  includeDrafts: boolean,
): readonly ConditionalPolicy[] {
  const ofPolicies = considered.get(policies) ?? new Map<string, readonly ConditionalPolicy[]>();
  considered.set(policies, ofPolicies);
  const key = `${type} ${includeDrafts}`;
  let found = ofPolicies.get(key);
  if (!found) {
    found = policies.filter(
      ({ status, conditions }) =>
        (inForce.has(status) || (includeDrafts && notYetIssued.has(status))) &&
        conditions.some((condition) => isOn(type, condition)),
    );
    ofPolicies.set(key, found);
  }
  return found;
}

/** NOT_MET as soon as one condition is not met; MET only if all are. */
function overall(subject: Subject, policy: ConditionalPolicy, lineages: Lineages): Verdict {
  let verdict: Verdict = 'MET';
  if (!statesTerritory(policy)) {
    verdict = territoryOutcome(subject, policy.regionCode, lineages).verdict;
    if (verdict === 'NOT_MET') return verdict;
  }
  for (const condition of policy.conditions) {
    const outcome = outcomeOf(subject, condition, lineages);
    if (outcome.verdict === 'NOT_MET') return 'NOT_MET';
    if (outcome.verdict === 'UNKNOWN') verdict = 'UNKNOWN';
  }
  return verdict;
}

function checksOf(subject: Subject, policy: ConditionalPolicy, lineages: Lineages): ConditionCheck[] {
  const stated = policy.conditions.map((condition) =>
    checkOf(condition.textZh, condition.field, outcomeOf(subject, condition, lineages)),
  );
  return statesTerritory(policy) ? stated : [checkTerritory(subject, policy.regionCode, lineages), ...stated];
}

function checkOf(textZh: string, field: string, { verdict, reason }: Outcome): ConditionCheck {
  const [reasonZh, reasonEn] = reason();
  return { textZh, field, verdict, reasonZh, reasonEn };
}

const statesTerritory = ({ regionCode, conditions }: ConditionalPolicy) =>
  conditions.some(({ op, value }) => op === 'IN_REGION' && value === regionCode);

/** The codes of the regions that the policies speak of. */
export const regionsIn = (policies: readonly ConditionalPolicy[]): string[] =>
  policies.flatMap(({ regionCode, conditions }) => [
    ...(regionCode ? [regionCode] : []),
    ...conditions.flatMap(({ op, value }) =>
      op === 'IN_REGION' && typeof value === 'string' ? [value] : [],
    ),
  ]);

/** That a policy holds only where it was issued for goes without saying; it is checked all the same. */
function checkTerritory(subject: Subject, territory: string | null, lineages: Lineages): ConditionCheck {
  const textZh = territory ? `政策适用地区:${placeOf(territory, lineages).nameZh}` : '政策适用地区';
  return checkOf(textZh, `${subject.type}.regionCode`, territoryOutcome(subject, territory, lineages));
}

const territoryOutcome = (subject: Subject, territory: string | null, lineages: Lineages): Outcome =>
  territory
    ? liesIn(subject, territory, lineages)
    : unknown(() => ['来源没有写明政策适用的地区。', 'No source says where the policy applies.']);

function outcomeOf(subject: Subject, condition: StatedCondition, lineages: Lineages): Outcome {
  const { field, op, value } = condition;
  if (!isOn(subject.type, condition)) {
    return unknown(() => ['此条件不是对这类主体的。', 'The condition is on another kind of subject.']);
  }
  if (field.startsWith('violation.')) {
    return unknown(() => [
      '须看具体违法行为,登记信息无从判断。',
      'It depends on the facts of a single case, which no register keeps.',
    ]);
  }
  if (field === 'enterprise.onList') {
    return unknown(() => [
      '来源未附名单,是否在列不明。',
      'The list that it refers to is missing in the source.',
    ]);
  }
  if (field === `${subject.type}.regionCode` && op === 'IN_REGION' && typeof value === 'string') {
    return liesIn(subject, value, lineages);
  }
  const accepted = acceptedValues(op, value);
  if (accepted && subject.type === 'enterprise' && field === 'enterprise.tier') {
    return holdsTier(subject, accepted);
  }
  if (accepted && subject.type === 'park' && field === 'park.kind') {
    return accepted.includes(subject.kind)
      ? met(() => [`种类为${subject.kind}。`, `Its kind is ${subject.kind}.`])
      : notMet(() => [
          `种类为${subject.kind};要求${accepted.join('、')}。`,
          `Its kind is ${subject.kind}; asked for: ${accepted.join(', ')}.`,
        ]);
  }
  return unknown(() => ['没有部门记录此项事实。', 'No agency keeps this fact.']);
}

/** What a condition accepts; `undefined` for a comparison that is not made on values like these. */
function acceptedValues(op: string, value: unknown): readonly unknown[] | undefined {
  if (op === 'EQ') return [value];
  return (op === 'IN' || op === 'HAS') && Array.isArray(value) ? value : undefined;
}

function holdsTier(
  { tiers, areTiersComplete }: Extract<Subject, { type: 'enterprise' }>,
  accepted: readonly unknown[],
): Outcome {
  if (!tiers) {
    return unknown(() => [
      '没有来源说明其梯度称号,不等于没有。',
      'No source speaks of its tiers, which is not to say that it holds none.',
    ]);
  }
  const held = tiers.filter((tier) => accepted.includes(tier));
  if (held.length > 0) return met(() => [`持有${held.join('、')}。`, `It holds ${held.join(', ')}.`]);
  const others = (): Reason => [
    `所记称号:${tiers.join('、') || '无'};要求其一:${accepted.join('、')}。`,
    `Its tiers on record: ${tiers.join(', ') || 'none'}; one of these is asked for: ${accepted.join(', ')}.`,
  ];
  if (areTiersComplete) return notMet(others);
  return unknown(() => {
    const [zh, en] = others();
    return [
      `${zh}称号名录未经核对,可能不全。`,
      `${en} The register was not checked, so others may be missing.`,
    ];
  });
}

function liesIn(subject: Subject, wanted: string, lineages: Lineages): Outcome {
  const { region } = subject;
  if (!region) return unknown(() => ['所在地区没有记录。', 'Its region is not recorded.']);
  const here = () => placeOf(region, lineages);
  const there = () => placeOf(wanted, lineages);
  if (subject.type === 'enterprise' && subject.regionBasis !== 'STATED') {
    return subject.regionBasis === 'CONTEXT'
      ? unknown(() => [
          `仅在${here().nameZh}的报道中提及,所在地区未经证实。`,
          `It is only mentioned in a report on ${here().nameEn}; where it lies is not stated.`,
        ])
      : unknown(() => ['所在地区没有依据。', 'Nothing says what its region rests on.']);
  }
  const above = lineages.get(region) ?? [];
  const aboveWanted = lineages.get(wanted) ?? [];
  if (above.some(({ code }) => code === wanted)) {
    return region === wanted
      ? met(() => [`位于${here().nameZh}。`, `It lies in ${here().nameEn}.`])
      : met(() => [
          `位于${here().nameZh},属于${there().nameZh}。`,
          `It lies in ${here().nameEn}, which is part of ${there().nameEn}.`,
        ]);
  }
  if (above.length === 0 || aboveWanted.length === 0) {
    const missing = above.length === 0 ? region : wanted;
    return unknown(() => [`没有区划${missing}的资料。`, `Nothing is known of the region ${missing}.`]);
  }
  if (aboveWanted.some(({ code }) => code === region)) {
    return unknown(() => [
      `只记录到${here().nameZh},是否位于${there().nameZh}不明。`,
      `Only ${here().nameEn} is on record; whether it lies in ${there().nameEn} is not.`,
    ]);
  }
  return notMet(() => [
    `位于${here().nameZh},不属于${there().nameZh}。`,
    `It lies in ${here().nameEn}, which is not part of ${there().nameEn}.`,
  ]);
}

const placeOf = (code: string, lineages: Lineages): Place =>
  lineages.get(code)?.find((place) => place.code === code) ?? { code, nameZh: code, nameEn: code };

const met = (reason: () => Reason): Outcome => ({ verdict: 'MET', reason });
const notMet = (reason: () => Reason): Outcome => ({ verdict: 'NOT_MET', reason });
const unknown = (reason: () => Reason): Outcome => ({ verdict: 'UNKNOWN', reason });
