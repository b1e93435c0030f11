import { type Act, courseOf } from '@wenshu/kit/workflow/course.ts';
import { starCriteria } from '@wenshu/policies/star-lists.ts';
import {
  starListEntries,
  starListObjections,
  starListSteps,
  starLists,
  starListVerdicts,
  starListVetters,
} from '@wenshu/policies/tables.ts';
import { type StarListAction, starListTable } from '@wenshu/policies/workflows/star-list-table.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, type Place, places } from './city.ts';
import { afterWorkingDays, dateOf, dayAfterWorkingDays, dayNumber, today } from './days.ts';
import type { Random } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

/** Half-years; every place has a star list for each. The list of the last one is under way. */
const halves = [2023, 2024, 2025].flatMap((year) => [
  { year, half: 'FIRST', zh: '上半年', publishedOn: `${year}-07-20` },
  { year, half: 'SECOND', zh: '下半年', publishedOn: `${year + 1}-01-20` },
]);
const starListCount = halves.length * places.length;
const longestStarList = 50;

export const starListTables = (city: City): GeneratedTable[] => [
  generated(starLists, starListCount, (i) => [listAt(city, i).row]),
  generated(starListEntries, starListCount, (i) => listAt(city, i).entries),
  generated(starListVetters, starListCount, (i) => listAt(city, i).vetters),
  generated(starListVerdicts, starListCount, (i) => listAt(city, i).verdicts),
  generated(starListObjections, starListCount, (i) => listAt(city, i).objections),
  generated(starListSteps, starListCount, (i) => listAt(city, i).steps),
];

/** Days of a list: when it was drafted, sent to vetting, vetted by each agency, opened for objections, published. */
type Days = {
  readonly drafted: number;
  readonly sent?: number;
  readonly vetted: readonly number[];
  readonly opened?: number;
  readonly published?: number;
};

/** Days of the lists that are under way: in their draft, due soon, overdue with a silent agency, and open for objections. */
const underWay: readonly Days[] = [
  { drafted: today - 6, vetted: [] },
  { drafted: today - 16, sent: today - 5, vetted: [today - 2] },
  { drafted: today - 30, sent: today - 14, vetted: [today - 11, today - 9] },
  {
    drafted: today - 28,
    sent: today - 12,
    vetted: [today - 9, today - 8, today - 7],
    opened: today - 3,
  },
];

function daysOf(random: Random, i: number, published: number): Days {
  if (published > today) return underWay[i % underWay.length] ?? { drafted: today, vetted: [] };
  // One list in six is published late.
  const opened = published - (random.chance(1 / 6) ? 20 : 12);
  return {
    drafted: opened - 30,
    sent: opened - 8,
    vetted: [opened - 6, opened - 5, opened - 3],
    opened,
    published,
  };
}

const weights = [25, 30, 25, 20];
const vettingDepartments = ['MARKET_REGULATION', 'TAXATION', 'CYBERSPACE'] as const;
const objectionDays = 5;

type Agencies = { readonly publicity: string; readonly vetters: readonly string[] };

/** Returns a list with its entries, its verdicts and its steps so far. */
function listAt(city: City, i: number) {
  const place = places[i % places.length] as Place;
  const { year, half, zh, publishedOn } = halves[Math.floor(i / places.length)] as (typeof halves)[number];
  const id = ids.starList(i);
  const random = city.random('star list', i);
  const columns = statementColumns(id, random);
  const days = daysOf(random, i, dayNumber(publishedOn));
  const { sent, opened, published, vetted } = days;
  const agencies = {
    publicity: agencyOf(place.code, 'PROPAGANDA'),
    vetters: vettingDepartments.map((department) => agencyOf(place.code, department)),
  };
  const nominated = nominationsOf(city, place, id, random);
  const fates = fatesOf(random, nominated, days, agencies);
  const entries = ranked(nominated.map((entry) => ({ ...entry, ...fates.get(entry.enterpriseId) })));
  const objections = objectionsOf(random, id, entries, days);
  const acts = actsOn(days, agencies, entries, objections);
  const { steps, stage, version, dueOn } = courseOf(starListTable, acts, dayAfterWorkingDays);
  const row: typeof starLists.$inferSelect = {
    ...columns,
    version,
    nameZh: `${place.zh}${year}年${zh}明星企业榜单${suffix.zh}`,
    year,
    half,
    stage,
    dueOn,
    weights: weights.map(String),
    objectionUntil: opened === undefined ? null : dateOf(afterWorkingDays(opened, objectionDays)),
    publishedOn: published === undefined ? null : dateOf(published),
    regionCode: place.code,
    policyId: null,
  };
  return {
    row,
    entries,
    vetters:
      sent === undefined ? [] : agencies.vetters.map((agencyId, seq) => ({ listId: id, seq, agencyId })),
    verdicts: vetted.flatMap((day, nth) =>
      entries.map(({ enterpriseId, vetoedById, vetoReasonZh }) => {
        const agencyId = agencies.vetters[nth] ?? '';
        const isVeto = vetoedById === agencyId;
        return {
          listId: id,
          enterpriseId,
          agencyId,
          verdict: isVeto ? 'VETO' : 'CLEAR',
          reasonZh: isVeto ? vetoReasonZh : null,
          on: dateOf(day),
        };
      }),
    ),
    objections,
    steps: steps.map((step) => ({ ...step, objectId: id })),
  };
}

type Entry = typeof starListEntries.$inferSelect;
type Objection = typeof starListObjections.$inferSelect;

const standing = {
  vetoedById: null,
  vetoReasonZh: null,
  droppedOn: null,
  removedOn: null,
  removalReasonZh: null,
};

/** Returns the nominated enterprises of a place, with their scores. */
function nominationsOf(city: City, place: Place, listId: string, random: Random): readonly Entry[] {
  return random
    .several(40 * longestStarList, Math.min(city.counts.enterprises, 100 * longestStarList))
    .filter((nth) => city.placeIn(city.quarterOf(spread(city, nth))) === place)
    .slice(0, longestStarList)
    .map((nth) => {
      const scores = weights.map((weight) =>
        random.chance(0.4) ? 0 : Math.round(weight * (0.5 + 0.5 * random.fraction())),
      );
      return {
        listId,
        enterpriseId: ids.enterprise(spread(city, nth)),
        rank: null,
        criteria: starCriteria.filter((_, at) => (scores[at] ?? 0) > 0),
        reasonZh: null,
        scores: scores.map(String),
        total: String(scores.reduce((sum, score) => sum + score, 0)),
        performanceZh:
          (scores[1] ?? 0) > 0 ? `企业申报营业收入同比增长${random.between(5, 60)}%${suffix.zh}` : null,
        ...standing,
      };
    });
}

type Fate = Partial<typeof standing> | Readonly<Partial<Record<keyof typeof standing, string>>>;

/** Returns which entries were vetoed or removed: market regulation vetoes one in thirty; one in a hundred is removed. */
function fatesOf(
  random: Random,
  entries: readonly Entry[],
  { vetted, published }: Days,
  { vetters }: Agencies,
): ReadonlyMap<string, Fate> {
  return new Map(
    entries.map(({ enterpriseId }) => {
      const isVetoed = random.chance(1 / 30);
      const isRemoved = random.chance(1 / 100);
      if (isVetoed && vetted.length > 0)
        return [enterpriseId, { vetoedById: vetters[0] ?? '', vetoReasonZh: '列入黑名单' }];
      if (!isRemoved || published === undefined) return [enterpriseId, {}];
      const removedOn = dateOf(Math.min(today, published + 60));
      return [enterpriseId, { removedOn, removalReasonZh: `经营异常${suffix.zh}` }];
    }),
  );
}

/** Ranks the entries that stand by their totals; equal totals share a rank. */
function ranked(entries: readonly Entry[]): readonly Entry[] {
  const isStanding = ({ vetoedById, removedOn }: Entry) => vetoedById === null && removedOn === null;
  const totals = entries.filter(isStanding).map(({ total }) => Number(total));
  return entries.map((entry) => ({
    ...entry,
    rank: isStanding(entry) ? 1 + totals.filter((total) => total > Number(entry.total)).length : null,
  }));
}

/** Returns an objection to one list in two. It is rejected once the list is published. */
function objectionsOf(
  random: Random,
  listId: string,
  entries: readonly Entry[],
  { opened, published }: Days,
): readonly Objection[] {
  const against = entries.find(({ rank }) => rank !== null);
  if (opened === undefined || !against || (published !== undefined && random.chance(0.5))) return [];
  const isAnswered = published !== undefined;
  return [
    {
      listId,
      seq: 0,
      agencyId: null,
      enterpriseId: entries.at(-1)?.enterpriseId ?? null,
      againstId: against.enterpriseId,
      textZh: `对申报业绩有异议${suffix.zh}`,
      raisedOn: dateOf(opened + 1),
      outcome: isAnswered ? 'REJECTED' : null,
      answerZh: isAnswered ? `经核实,申报属实${suffix.zh}` : null,
      answeredOn: isAnswered ? dateOf(opened + 4) : null,
    },
  ];
}

/** Returns the actions on a list so far. */
function actsOn(
  { drafted, sent, vetted, opened, published }: Days,
  { publicity, vetters }: Agencies,
  entries: readonly Entry[],
  objections: readonly Objection[],
): readonly Act<StarListAction>[] {
  const act = (action: StarListAction, day: number | undefined, details = {}, agencyId = publicity) =>
    day === undefined ? [] : [{ action, on: dateOf(day), agencyId, details }];
  return [
    ...act('DRAFT_LIST', drafted),
    ...entries.flatMap(({ enterpriseId, total }) =>
      act('NOMINATE', drafted + 2, { enterprise: enterpriseId, total }),
    ),
    ...act('SEND_TO_VETTING', sent, { agencies: vetters }),
    ...vetted.flatMap((day, nth) => act('VET', day, {}, vetters[nth])),
    ...act('OPEN_OBJECTIONS', opened),
    ...objections.flatMap(({ raisedOn, answeredOn, seq }) => [
      { action: 'RAISE_OBJECTION' as const, on: raisedOn, details: { objection: seq } },
      ...(answeredOn === null
        ? []
        : act('ANSWER_OBJECTION', dayNumber(answeredOn), { objection: seq, outcome: 'REJECTED' })),
    ]),
    ...act('PUBLISH', published),
    ...entries.flatMap(({ enterpriseId, removedOn }) =>
      removedOn === null ? [] : act('REMOVE_ENTRY', dayNumber(removedOn), { enterprise: enterpriseId }),
    ),
  ];
}

/** Returns the nth of some thousand candidates, spread over the whole city. */
const spread = ({ counts }: City, nth: number): number =>
  Math.floor((nth * counts.enterprises) / Math.min(counts.enterprises, 100 * longestStarList));
