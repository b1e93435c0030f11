import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { numberAtStart, numbersIn } from './printed-numbers.ts';

const data = new URL('../../migrations/data/', import.meta.url);
const read = async (file: string): Promise<readonly Entry[]> =>
  JSON.parse(await readFile(new URL(`${file}.json`, data), 'utf8'));

type Entry = {
  readonly id: string;
  readonly source: readonly { readonly seed: string; readonly quote: string }[];
  readonly [field: string]: unknown;
};
type Figure = Entry & {
  readonly value: number;
  readonly unit: string;
  readonly approx: string;
  readonly valueAsPrinted: string;
};

const files = [
  'enterprises',
  'events',
  'indicators',
  'organisations',
  'parks',
  'party-units',
  'policies',
  'projects',
  'works',
] as const;
const quotesOf = ({ source }: Entry) => source.map(({ quote }) => quote);
const figures = (await read('indicators')) as readonly Figure[];

/** Values that are counted or computed from what is printed, with how. */
const derived: Readonly<Record<string, string>> = {
  'ind-nciz-party-coverage': '全覆盖 is every one: 100 percent',
  'ind-wh-monthly-meetings': '每月 is 12 in a year',
  'ind-wh-star-lists': '每半年 is 2 in a year',
  'ind-qd-dual-social': '6+1 is 7',
};

test('each printed form of a figure stands in a quote of the figure', () => {
  const elsewhere = figures.filter(
    (figure) => !quotesOf(figure).some((quote) => quote.includes(figure.valueAsPrinted)),
  );
  expect(elsewhere.map(({ id }) => id)).toEqual([]);
});

test('each figure is the number of its printed form', () => {
  const wrong = figures
    .filter(({ id }) => !(id in derived))
    .filter(({ value, valueAsPrinted }) => !isSame(value, numberAtStart(valueAsPrinted)))
    .map(({ id, value, valueAsPrinted }) => `${id}: ${value} is not ${valueAsPrinted}`);
  expect(wrong).toEqual([]);
});

const words: Readonly<Record<string, RegExp>> = {
  OVER: /[多余超过破]|以上/,
  NEARLY: /近/,
  ABOUT: /约|左右/,
  EXACT: /^(?!.*([多余超过破近约]|以上|左右))/,
};

test('a figure is over, nearly or about its number if it is printed so, and exact otherwise', () => {
  const wrong = figures.filter(({ approx, valueAsPrinted }) => !words[approx]?.test(valueAsPrinted));
  expect(wrong.map(({ id, approx, valueAsPrinted }) => `${id}: ${approx}, ${valueAsPrinted}`)).toEqual([]);
});

test('each quote of document 003 stands in its text', async () => {
  const text = withoutSpaces(await readFile(new URL('sources/003.txt', import.meta.url), 'utf8'));
  const quotes = (await Promise.all(files.map(read)))
    .flat()
    .flatMap(({ source }) => source.filter(({ seed }) => seed.startsWith('003_')))
    .map(({ quote }) => quote);
  expect(quotes.length).toBeGreaterThan(20);
  expect(quotes.filter((quote) => !text.includes(withoutSpaces(quote)))).toEqual([]);
});

type Measure = { readonly id: string; readonly textZh: string; readonly isParaphrase: boolean };
type Project = Entry & {
  readonly currentStageZh: string | null;
  readonly stages: readonly { readonly textZh: string }[];
};

test('a measure is a paraphrase exactly if no quote of its source holds its text', async () => {
  const everything = (await Promise.all(files.map(read))).flat().flatMap(({ source }) => source);
  const quotes = Map.groupBy(everything, ({ seed }) => seed);
  const printed = withoutSpaces(await readFile(new URL('sources/003.txt', import.meta.url), 'utf8'));
  const textsOf = (seed: string) => [
    ...(quotes.get(seed) ?? []).map(({ quote }) => withoutSpaces(quote)),
    ...(seed.startsWith('003_') ? [printed] : []),
  ];
  const wrong = (await read('policies')).flatMap(({ source, measures }) => {
    const texts = source.flatMap(({ seed }) => textsOf(seed));
    return (measures as readonly Measure[])
      .filter(
        ({ textZh, isParaphrase }) =>
          isParaphrase === texts.some((text) => text.includes(withoutSpaces(textZh))),
      )
      .map(({ id }) => id);
  });
  expect(wrong).toEqual([]);
});

test('the printed word for the current stage of a project stands in a quote or in an entry of its stages', async () => {
  const elsewhere = ((await read('projects')) as readonly Project[]).filter((project) => {
    const texts = [...quotesOf(project), ...project.stages.map(({ textZh }) => textZh)];
    return project.currentStageZh && !texts.some((text) => text.includes(project.currentStageZh ?? ''));
  });
  expect(elsewhere.map(({ id }) => id)).toEqual([]);
});

/** Fields whose numbers count places in a list, which nothing prints. */
const uncited = new Set(['seq']);

test('each other number of a record stands in one of its quotes, or is listed here', async () => {
  const missing = (await Promise.all(files.map(read)))
    .flat()
    .flatMap((record) =>
      numbersOf(record, quotesOf(record).flatMap(numbersIn)).map((found) => `${record.id} ${found}`),
    );
  expect(missing).toEqual(notInQuotes);
});

/** Returns the numbers in a record that are not among the printed ones, with their place. */
function numbersOf(value: unknown, printed: readonly number[], place = ''): readonly string[] {
  if (typeof value === 'number')
    return printed.some((each) => isSame(each, Math.abs(value))) ? [] : [`${place} ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => numbersOf(item, printed, place));
  const { source = [], ...fields } = value as { source?: Entry['source'] };
  const own = [...printed, ...source.flatMap(({ quote }) => numbersIn(quote))];
  return Object.entries(fields)
    .filter(([name]) => !uncited.has(name))
    .flatMap(([name, part]) => numbersOf(part, own, place ? `${place}.${name}` : name));
}

const isSame = (one: number, other: number | undefined) =>
  other !== undefined && Math.abs(one - other) <= 1e-9 * Math.abs(one);
const withoutSpaces = (text: string) => text.replaceAll(/\s/g, '');

/** Numbers whose quotes (at most 40 characters) do not hold them, so that nothing here checks them. */
const notInQuotes: readonly string[] = [
  'evt-bj-tv-fair-spring-2018 facts.exhibitingInstitutionsOver 600',
  'evt-bj-tv-fair-autumn-2018 facts.exhibitingInstitutionsOver 600',
  'evt-charming-china-s2 facts.durationMonths 6',
  'evt-charming-china-s2 facts.comprehensiveIncomeYuanOver 23000000',
  'evt-hr-film-contest-1 facts.advancedToCity 3',
  'evt-bj-contest-film-rematch-2018 facts.huairouProjects 3',
  'evt-qd-practice-seminar facts.casesSelectedByCentral 2',
  'evt-qd-consumption-2021 facts.subsidyYuan 18960000',
  'evt-qd-consumption-2021 facts.drivenConsumptionYuanAbout 104000000',
  'evt-intl-friends facts.invitationsOver 3600',
  'evt-intl-friends facts.mediaOver 100',
  'evt-intl-friends facts.reachPersonTimesOver 100000000',
  'evt-qd-joint-enforcement-2021 facts.officerTimes 433',
  'evt-qd-joint-enforcement-2021 facts.entityTimesInspected 384',
  'evt-ls-pro-lectures facts.entrepreneurs 14',
  'ind-cy-municipal-parks-2023 facts.rankInCity 1',
  'ind-nciz-party-coverage value 100',
  'ind-qd-dual-social value 7',
  'ind-ls-unicorns facts.shareOfProvince 0.5',
  'ind-ch-city-projects-listed facts.preparation 17',
  'ind-ch-provincial-zjtx-gazelle facts.rankInCity 1',
  'ind-ch-tech-projects facts.rankInCity 1',
  'ind-pd-platform-financing facts.mergedFrom 13',
  'ind-wh-monthly-meetings value 12',
  'ind-wh-star-lists value 2',
  'park-aofan-ocean-zone recognitions.year 2021',
  'pty-hr-centre-group facts.studySessions2018Over 40',
  'pty-hr-centre-group facts.democraticLifeMeetings 2',
  'pty-hr-centre-branch facts.themePartyDaysNamed 4',
  'pty-gaea honours.year 2023',
  'pty-houbali-branch facts.days.评估答疑 3',
  'pty-houbali-branch facts.days.协议签订 10',
  'pty-houbali-branch facts.days.搬迁腾房 15',
  'pol-qd-dual-effect measures.quantities.indicators 7',
  'pol-qd-dual-effect measures.quantities.indicators 3',
  'pol-qd-city-drive-breakdown measures.quantities.unitsOver 100',
  'pol-qd-city-drive-breakdown measures.quantities.districts 10',
  'pol-qd-city-drive-breakdown measures.quantities.districts 7',
  'pol-qd-city-drive-breakdown measures.quantities.subDistricts 51',
  'pol-qd-ocean-study-tour measures.quantities.spots 29',
  'pol-qd-ocean-study-tour measures.quantities.routes 8',
  'pol-ls-exempt-apply measures.quantities.totalYuan 84350000',
  'pol-ch-tech-upgrade measures.quantities.enterprises 118',
  'pol-ch-guarantee-whitelist measures.quantities.poolYuan 200000000',
  'pol-ch-project-public measures.quantities.cityProjects 33',
  'pol-ch-project-public measures.quantities.districtProjects 506',
  'pol-ch-fitness-space measures.quantities.indoorSqmPerCapitaMin 0.1',
  'pol-ch-fitness-space measures.quantities.outdoorSqmPerCapitaMin 0.3',
  'pol-pd-land-adjustment-fund measures.quantities.landUses 3',
  'pol-pd-land-adjustment-fund measures.quantities.landGrades 4',
  'pol-pd-rural-land-measures measures.quantities.steps 8',
  'pol-ls-nine-mechanisms measures.quantities.goodCadreQuota 10',
  'pol-ls-nine-mechanisms measures.quantities.excellentQuota 10',
  'prj-smart-sensor-base facts.firstBatchTasks 4',
  'prj-ch-23-city facts.preparation 17',
  'prj-tomato-greenhouse facts.farmersIncomePerYearYuanOver 40000000',
  'prj-pd-renewal facts.firstBatch 33',
  'work-gouyun honours.year 2018',
];
