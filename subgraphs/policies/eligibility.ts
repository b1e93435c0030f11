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
export type Lineages = ReadonlyMap<string, readonly Place[]>;

interface Outcome {
  readonly verdict: Verdict;
  readonly reasonZh: string;
  readonly reasonEn: string;
}

export interface ConditionCheck extends Outcome {
  readonly textZh: string;
  readonly field: string;
}

export interface PolicyMatch {
  readonly policyId: string;
  readonly verdict: Verdict;
  readonly conditions: readonly ConditionCheck[];
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
  subjectOf[field.split('.')[0] ?? ''] === type;

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
  policies
    .filter(
      ({ status, conditions }) =>
        (inForce.has(status) || (includeDrafts && notYetIssued.has(status))) &&
        conditions.some((condition) => isOn(subject.type, condition)),
    )
    .map((policy) => {
      const conditions = [
        ...(statesTerritory(policy) ? [] : [checkTerritory(subject, policy.regionCode, lineages)]),
        ...policy.conditions.map((condition) => ({
          textZh: condition.textZh,
          field: condition.field,
          ...outcomeOf(subject, condition, lineages),
        })),
      ];
      return { policyId: policy.id, verdict: overall(conditions), conditions };
    });

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

const overall = (conditions: readonly ConditionCheck[]): Verdict => {
  const has = (verdict: Verdict) => conditions.some((condition) => condition.verdict === verdict);
  return has('NOT_MET') ? 'NOT_MET' : has('UNKNOWN') ? 'UNKNOWN' : 'MET';
};

/** That a policy holds only where it was issued for goes without saying; it is checked all the same. */
function checkTerritory(subject: Subject, territory: string | null, lineages: Lineages): ConditionCheck {
  const name = territory && placeOf(territory, lineages).nameZh;
  return {
    textZh: name ? `政策适用地区:${name}` : '政策适用地区',
    field: `${subject.type}.regionCode`,
    ...(territory
      ? liesIn(subject, territory, lineages)
      : unknown('来源没有写明政策适用的地区。', 'No source says where the policy applies.')),
  };
}

function outcomeOf(subject: Subject, condition: StatedCondition, lineages: Lineages): Outcome {
  const { field, op, value } = condition;
  if (!isOn(subject.type, condition)) {
    return unknown('此条件不是对这类主体的。', 'The condition is on another kind of subject.');
  }
  if (field.startsWith('violation.')) {
    return unknown(
      '须看具体违法行为,登记信息无从判断。',
      'It depends on the facts of a single case, which no register keeps.',
    );
  }
  if (field === 'enterprise.onList') {
    return unknown('来源未附名单,是否在列不明。', 'The list that it refers to is missing in the source.');
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
      ? met(`种类为${subject.kind}。`, `Its kind is ${subject.kind}.`)
      : notMet(
          `种类为${subject.kind};要求${accepted.join('、')}。`,
          `Its kind is ${subject.kind}; asked for: ${accepted.join(', ')}.`,
        );
  }
  return unknown('没有部门记录此项事实。', 'No agency keeps this fact.');
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
    return unknown(
      '没有来源说明其梯度称号,不等于没有。',
      'No source speaks of its tiers, which is not to say that it holds none.',
    );
  }
  const held = tiers.filter((tier) => accepted.includes(tier));
  if (held.length > 0) return met(`持有${held.join('、')}。`, `It holds ${held.join(', ')}.`);
  const reasonZh = `所记称号:${tiers.join('、') || '无'};要求其一:${accepted.join('、')}。`;
  const reasonEn = `Its tiers on record: ${tiers.join(', ') || 'none'}; one of these is asked for: ${accepted.join(', ')}.`;
  return areTiersComplete
    ? notMet(reasonZh, reasonEn)
    : unknown(
        `${reasonZh}称号名录未经核对,可能不全。`,
        `${reasonEn} The register was not checked, so others may be missing.`,
      );
}

function liesIn(subject: Subject, wanted: string, lineages: Lineages): Outcome {
  if (!subject.region) return unknown('所在地区没有记录。', 'Its region is not recorded.');
  const here = placeOf(subject.region, lineages);
  const there = placeOf(wanted, lineages);
  if (subject.type === 'enterprise' && subject.regionBasis !== 'STATED') {
    return subject.regionBasis === 'CONTEXT'
      ? unknown(
          `仅在${here.nameZh}的报道中提及,所在地区未经证实。`,
          `It is only mentioned in a report on ${here.nameEn}; where it lies is not stated.`,
        )
      : unknown('所在地区没有依据。', 'Nothing says what its region rests on.');
  }
  const above = lineages.get(here.code) ?? [];
  const aboveWanted = lineages.get(there.code) ?? [];
  if (above.some(({ code }) => code === wanted)) {
    return here.code === wanted
      ? met(`位于${here.nameZh}。`, `It lies in ${here.nameEn}.`)
      : met(
          `位于${here.nameZh},属于${there.nameZh}。`,
          `It lies in ${here.nameEn}, which is part of ${there.nameEn}.`,
        );
  }
  if (above.length === 0 || aboveWanted.length === 0) {
    const missing = above.length === 0 ? here : there;
    return unknown(`没有区划${missing.code}的资料。`, `Nothing is known of the region ${missing.code}.`);
  }
  if (aboveWanted.some(({ code }) => code === here.code)) {
    return unknown(
      `只记录到${here.nameZh},是否位于${there.nameZh}不明。`,
      `Only ${here.nameEn} is on record; whether it lies in ${there.nameEn} is not.`,
    );
  }
  return notMet(
    `位于${here.nameZh},不属于${there.nameZh}。`,
    `It lies in ${here.nameEn}, which is not part of ${there.nameEn}.`,
  );
}

const placeOf = (code: string, lineages: Lineages): Place =>
  lineages.get(code)?.find((place) => place.code === code) ?? { code, nameZh: code, nameEn: code };

const met = (reasonZh: string, reasonEn: string): Outcome => ({ verdict: 'MET', reasonZh, reasonEn });
const notMet = (reasonZh: string, reasonEn: string): Outcome => ({ verdict: 'NOT_MET', reasonZh, reasonEn });
const unknown = (reasonZh: string, reasonEn: string): Outcome => ({ verdict: 'UNKNOWN', reasonZh, reasonEn });
