import type { NamedLists, SubjectType, Test, Verdict } from '@wenshu/kit/criteria.ts';
import { departmentNames } from '@wenshu/schema/caller.ts';
import { type FactOfCondition, factOf, labelled, type Words } from './facts.ts';
import { labelOf } from './labels.ts';

/** What a known fact rests on: a statement, the context of a report, or a record that a department keeps. */
export type Basis = 'STATED' | 'CONTEXT' | 'RECORDED';

/** Values of a fact of a subject. */
export interface Fact {
  readonly values: readonly string[];
  /** True if there are no other values; otherwise others may be missing. */
  readonly isComplete: boolean;
  readonly basis: Basis;
}

/** Whom policies are tested on: a record with facts of other agencies, or a profile that a caller gives. */
export interface Subject {
  readonly type: SubjectType;
  /** Id of the record; null for a profile. */
  readonly id: string | null;
  readonly region: string | null;
  readonly regionBasis: Basis | null;
  /** Facts by name; null or missing where nothing is known. */
  readonly facts: Readonly<Record<string, Fact | null>>;
}

export interface Place {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

/** Regions by code, each with itself and everything above it. */
export type Lineages = Pick<ReadonlyMap<string, readonly Place[]>, 'get'>;

/** What an outcome is about. Reasons are put into words only when they are read. */
export interface Case {
  readonly subject: Subject;
  readonly test: Test;
  readonly field: string;
  readonly lineages: Lineages;
}

/** An outcome. There are few, and each is created once: thousands of conditions are tested in a request, and most reasons are never read. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly reason: (of: Case) => Words;
}

export type Decide = (subject: Subject, lineages: Lineages) => Outcome;

/** Returns how a test is decided. `subgraphs/kit/candidates.ts` decides the same in SQL, for all rows of a register. */
export function decide(test: Test): Decide {
  switch (test.on) {
    case 'region':
      return test.within === null ? () => appliesNowhere : liesIn(test.within);
    case 'list':
      return isListed(test);
    case 'fact':
      return hasOneOf(test.fact, test.accepted);
    case 'case':
      return () => dependsOnTheCase;
    case 'others':
      return () => isOnOthers;
    case 'nothing':
      return () => isNotKept;
  }
}

/** Returns what a fact rests on that decided a test; null if nothing decided it. */
export function basisOf({ subject, test }: Pick<Case, 'subject' | 'test'>, verdict: Verdict): Basis | null {
  if (verdict === 'UNKNOWN') return null;
  if (test.on === 'region') return subject.regionBasis;
  if (test.on === 'list') return subject.id === null ? 'STATED' : 'RECORDED';
  return test.on === 'fact' ? (subject.facts[test.fact]?.basis ?? null) : null;
}

const hasOneOf =
  (name: string, accepted: readonly string[]): Decide =>
  ({ facts }) => {
    const fact = facts[name];
    if (!fact) return isNotGiven;
    if (fact.values.some((value) => accepted.includes(value))) return hasIt;
    return fact.isComplete ? hasOthers : mayHaveIt;
  };

function isListed({ ids, members, isComplete }: NamedLists): Decide {
  const known = new Set(members);
  return ({ id, facts: { onList } }) => {
    if (id === null) {
      if (!onList) return isNotGiven;
      return ids.some((each) => onList.values.includes(each)) ? isOnList : isOnNoList;
    }
    if (known.has(id)) return isOnList;
    return isComplete ? isOnNoList : membersAreMissing;
  };
}

const liesIn =
  (wanted: string): Decide =>
  ({ region, regionBasis }, lineages) => {
    if (region === null) return isNotGiven;
    if (regionBasis === null) return regionHasNoBasis;
    const above = lineages.get(region) ?? [];
    if (includesPlace(above, wanted)) {
      if (regionBasis === 'CONTEXT') return probablyLiesThere;
      return region === wanted ? liesThere : liesWithin;
    }
    const aboveWanted = lineages.get(wanted) ?? [];
    if (above.length === 0) return regionIsNotKept;
    if (aboveWanted.length === 0) return wantedIsNotKept;
    return includesPlace(aboveWanted, region) ? mayLieWithin : liesElsewhere;
  };

const includesPlace = (lineage: readonly Place[], code: string) =>
  lineage.some((place) => place.code === code);

export const placeOf = (code: string, lineages: Lineages): Place =>
  lineages.get(code)?.find((place) => place.code === code) ?? { code, nameZh: code, nameEn: code };

const here = ({ subject, lineages }: Case): Place => placeOf(subject.region ?? '', lineages);
const there = ({ test, lineages }: Case): Place =>
  placeOf((test.on === 'region' && test.within) || '', lineages);

const met = (reason: Outcome['reason']): Outcome => ({ verdict: 'MET', reason });
const likely = (reason: Outcome['reason']): Outcome => ({ verdict: 'LIKELY', reason });
const notMet = (reason: Outcome['reason']): Outcome => ({ verdict: 'NOT_MET', reason });
const unknown = (reason: Outcome['reason']): Outcome => ({ verdict: 'UNKNOWN', reason });
const always = (zh: string, en: string) => () => ({ zh, en });

const appliesNowhere = unknown(
  always('来源没有写明政策适用的地区。', 'No source says where the policy applies.'),
);
const isOnOthers = unknown(
  always('此条件不是对这类主体的。', 'The condition is on another kind of subject.'),
);
const dependsOnTheCase = unknown((of) => ({
  zh: `须看具体违法行为,登记信息无从判断。${whose(of).zh}`,
  en: `It depends on the facts of a single case, which no register keeps. ${whose(of).en}`,
}));
const isNotKept = unknown((of) => notGiven(of));

const isNotGiven = unknown((of) =>
  of.subject.id === null
    ? { zh: `所给情形没有写明${nameIn(of).zh}。`, en: `The profile does not give its ${nameIn(of).en}.` }
    : notGiven(of),
);
const hasIt = met((of) =>
  sentence(
    of,
    valuesHeld(of).filter((value) => accepted(of).includes(value)),
  ),
);
const hasOthers = notMet((of) => {
  const [held, wanted] = [sentence(of, valuesHeld(of)), labelled(factIn(of), accepted(of))];
  return { zh: `${held.zh}要求其一:${wanted.zh}。`, en: `${held.en} Required: one of ${wanted.en}.` };
});
const mayHaveIt = unknown((of) => {
  const { zh, en } = hasOthers.reason(of);
  return {
    zh: `${zh}名录未经核对,可能不全。${whose(of).zh}`,
    en: `${en} The record was not checked, so others may be missing. ${whose(of).en}`,
  };
});

const listsIn = ({ test }: Case): Words =>
  test.on === 'list'
    ? {
        zh: test.namesZh.map((name) => `《${name}》`).join('、'),
        en: test.namesEn.map((name) => `"${name}"`).join(', '),
      }
    : { zh: '', en: '' };
const isOnList = met((of) => ({ zh: `列入${listsIn(of).zh}。`, en: `It is on ${listsIn(of).en}.` }));
const isOnNoList = notMet((of) => ({
  zh: `不在${listsIn(of).zh}上。`,
  en: `It is not on ${listsIn(of).en}.`,
}));
const membersAreMissing = unknown((of) => ({
  zh: `${listsIn(of).zh}没有完整记录,是否在列不明。${whose(of).zh}`,
  en: `The list ${listsIn(of).en} is not completely on record, so it is unknown if it is on it. ${whose(of).en}`,
}));

const regionHasNoBasis = unknown((of) => ({
  zh: `所在地区没有依据。${whose(of).zh}`,
  en: `No basis of its region is recorded. ${whose(of).en}`,
}));
const isNotKeptPlace = ({ code }: Place): Words => ({
  zh: `没有区划${code}的资料。`,
  en: `The region ${code} is not recorded.`,
});
const regionIsNotKept = unknown((of) => isNotKeptPlace(here(of)));
const wantedIsNotKept = unknown((of) => isNotKeptPlace(there(of)));
const probablyLiesThere = likely((of) => ({
  zh: `仅在${here(of).nameZh}的报道中提及,很可能位于${there(of).nameZh},但没有来源写明。${whose(of).zh}`,
  en: `It is only mentioned in a report on ${here(of).nameEn}. It probably lies in ${there(of).nameEn}, but no source states it. ${whose(of).en}`,
}));
const liesThere = met((of) => ({ zh: `位于${here(of).nameZh}。`, en: `It lies in ${here(of).nameEn}.` }));
const liesWithin = met((of) => ({
  zh: `位于${here(of).nameZh},属于${there(of).nameZh}。`,
  en: `It lies in ${here(of).nameEn}, which is part of ${there(of).nameEn}.`,
}));
const mayLieWithin = unknown((of) => ({
  zh: `只记录到${here(of).nameZh},是否位于${there(of).nameZh}不明。${whose(of).zh}`,
  en: `Only ${here(of).nameEn} is recorded. It is unknown if it lies in ${there(of).nameEn}. ${whose(of).en}`,
}));
const liesElsewhere = notMet((of) => {
  const isContext = of.subject.regionBasis === 'CONTEXT';
  return {
    zh: `${isContext ? '见于' : '位于'}${here(of).nameZh}${isContext ? '的报道' : ''},不属于${there(of).nameZh}。`,
    en: isContext
      ? `It is mentioned in a report on ${here(of).nameEn}, which is not part of ${there(of).nameEn}.`
      : `It lies in ${here(of).nameEn}, which is not part of ${there(of).nameEn}.`,
  };
});

const factIn = ({ field }: Case): FactOfCondition => factOf(field);
const nameIn = (of: Case): Words => factIn(of).name;
const accepted = ({ test }: Case): readonly string[] => (test.on === 'fact' ? test.accepted : []);
const valuesHeld = ({ test, subject }: Case): readonly string[] =>
  (test.on === 'fact' && subject.facts[test.fact]?.values) || [];

/** Says which values the subject has. */
function sentence(of: Case, values: readonly string[]): Words {
  const fact = factIn(of);
  if (values.length === 0) {
    return { zh: `没有记录任何${fact.name.zh}。`, en: `It has no recorded ${fact.name.en}.` };
  }
  const { zh, en } = fact.says(labelled(fact, values));
  return { zh: `${zh}。`, en: `${en}.` };
}

const notGiven = (of: Case): Words => ({
  zh: `没有来源说明${nameIn(of).zh},不等于不符合。${whose(of).zh}`,
  en: `No source states its ${nameIn(of).en}. This does not mean that the condition is not met. ${whose(of).en}`,
});

/** Says whose a missing fact is. */
function whose(of: Case): Words {
  const { owner, name } = factIn(of);
  if (owner === null) return { zh: '没有部门记录此项事实。', en: 'No department keeps this fact.' };
  return {
    zh: `${name.zh}由${departmentNames[owner]}掌握。`,
    en: `It is for the ${lowerFirst(labelOf('Department', owner).en)} to say.`,
  };
}

const lowerFirst = (text: string) => `${text[0]?.toLowerCase()}${text.slice(1)}`;
