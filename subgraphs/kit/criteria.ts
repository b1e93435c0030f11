/** Verdicts from the lowest to the highest. A policy has the lowest verdict of its conditions. */
export const verdicts = ['NOT_MET', 'UNKNOWN', 'LIKELY', 'MET'] as const;

/** Result of a condition, a measure or a policy. Missing data is never MET, and a match by context is only LIKELY. */
export type Verdict = (typeof verdicts)[number];

/** The lists that a condition names, read together. */
export interface NamedLists {
  readonly ids: readonly string[];
  readonly namesZh: readonly string[];
  readonly namesEn: readonly string[];
  /** Ids of the enterprises on the lists. */
  readonly members: readonly string[];
  /** True if every list is known as a whole; otherwise an enterprise that is not among the members may be on them. */
  readonly isComplete: boolean;
}

/** A condition of a policy, or of one of its measures. */
export interface StatedCondition {
  readonly field: string;
  readonly op: string;
  readonly value: unknown;
  readonly textZh: string;
  readonly measureId: string | null;
  /** The lists that it names; null for a condition on another fact. */
  readonly lists: NamedLists | null;
}

/** A policy with its conditions, as the policies subgraph sends it. */
export interface ConditionalPolicy {
  readonly id: string;
  readonly status: string;
  readonly regionCode: string | null;
  readonly synthetic: boolean;
  readonly conditions: readonly StatedCondition[];
}

export type SubjectType = 'enterprise' | 'park';

/** What is tested on a subject. */
export type Test =
  /** It lies in the region or below it. */
  | { readonly on: 'region'; readonly within: string | null }
  /** It has one of these values. */
  | { readonly on: 'fact'; readonly fact: string; readonly accepted: readonly string[] }
  /** It is on one of the lists. */
  | ({ readonly on: 'list' } & NamedLists)
  /** No record of the subject can decide it: it is a condition on single cases, or on another kind of subject. */
  | { readonly on: 'case' | 'others' | 'nothing' };

/** A test, with the condition that it comes from; null for the region in which the policy applies. */
export interface ConditionTest {
  readonly condition: StatedCondition | null;
  readonly test: Test;
}

const inForce = new Set(['ISSUED', 'TRIAL']);
const notYetIssued = new Set(['DRAFT_FOR_COMMENT', 'DRAFTING', 'PLANNED']);

/** Kind of subject by the first word of a condition's field. */
const subjectOf: Readonly<Record<string, SubjectType>> = {
  enterprise: 'enterprise',
  business: 'enterprise',
  violation: 'enterprise',
  park: 'park',
};

/**
 * Returns the tests of a policy on subjects of one kind, first the region in which it applies. Returns undefined for a policy that does not
 * count: it is not in force (or a draft, if drafts count), or it states no condition on such subjects, so nothing says who is eligible.
 */
export function testsOn(
  type: SubjectType,
  { status, regionCode, conditions }: ConditionalPolicy,
  includeDrafts: boolean,
): readonly ConditionTest[] | undefined {
  const counts = inForce.has(status) || (includeDrafts && notYetIssued.has(status));
  if (!counts || !conditions.some((condition) => isOn(type, condition))) return undefined;
  const stated = conditions.map((condition) => ({ condition, test: testOf(type, condition) }));
  const statesTerritory = conditions.some(
    ({ measureId, op, value }) => measureId === null && op === 'IN_REGION' && value === regionCode,
  );
  if (statesTerritory) return stated;
  return [{ condition: null, test: { on: 'region', within: regionCode } }, ...stated];
}

const isOn = (type: SubjectType, { field }: StatedCondition) =>
  subjectOf[field.slice(0, field.indexOf('.'))] === type;

function testOf(type: SubjectType, condition: StatedCondition): Test {
  const { field, op, value, lists } = condition;
  const accepted = acceptedValues(op, value);
  const [subject, fact = ''] = field.split('.', 2);
  if (!isOn(type, condition)) return { on: 'others' };
  if (subject === 'violation') return { on: 'case' };
  if (lists) return { on: 'list', ...lists };
  if (fact === 'regionCode') {
    return op === 'IN_REGION' && typeof value === 'string'
      ? { on: 'region', within: value }
      : { on: 'nothing' };
  }
  return accepted && subject === type ? { on: 'fact', fact, accepted } : { on: 'nothing' };
}

/** Returns the values that a condition accepts, as text; undefined if the comparison does not apply to such values. */
function acceptedValues(op: string, value: unknown): readonly string[] | undefined {
  if (op === 'EQ') return [String(value)];
  return (op === 'IN' || op === 'HAS') && Array.isArray(value) ? value.map(String) : undefined;
}
