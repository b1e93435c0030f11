import postgres from 'postgres';
import { createCopyOf } from '../../support/database.ts';
import { type Asker, anyAsker } from './callers.ts';
import { answerOf, compareExpected, compareExports, compareHidden, type Difference } from './compare.ts';
import { expectedOf, type Keys } from './expected.ts';
import { hide, partlyShown } from './hide.ts';
import { createFullDatabase, type FuzzedHub, type Question, startFuzzed } from './hubs.ts';
import { anyQuestion, anyTable } from './questions.ts';
import { randomFrom } from './random.ts';
import { isSome } from './reach.ts';
import { asksForHiddenCounts } from './region-counts.ts';
import { keepRows } from './restore.ts';
import { shrunk } from './shrink.ts';
import { type Sight, sightOf } from './sight.ts';
import { tables } from './tables.ts';
import { withIdentities } from './with-identities.ts';

export type FuzzOptions = {
  readonly seed: number;
  readonly callers: number;
  /** Questions per caller. */
  readonly questions: number;
  readonly onCaller?: (done: number, differences: number) => void;
  readonly onDifference?: (found: Found) => void;
  /** Asks one question only, or all of one caller. */
  readonly only?: { readonly caller: number; readonly place: number | undefined } | undefined;
  /** Number of differences of each kind that are reduced to the smallest question. */
  readonly shrinks?: number;
};

export type Found = Difference & {
  readonly asker: Asker;
  readonly question: Question;
  readonly seed: string;
};

type Tally = {
  asked: number;
  exports: number;
  /** Number of answers compared with the oracle, and of answers with nothing but null. */
  expected: number;
  empty: number;
  readonly differences: Found[];
};
export type Outcome = Readonly<Tally>;

type Hubs = {
  readonly full: FuzzedHub;
  readonly reduced: FuzzedHub;
  /** Hubs for the oracle; a test key sees synthetic rows. */
  readonly open: FuzzedHub;
  readonly openTrial: FuzzedHub;
};

/** One in this many questions is an export. */
const exportEvery = 12;

/** Asks random questions for random callers, in databases with and without what they may not see. */
export async function fuzzAccess(options: FuzzOptions): Promise<Outcome> {
  await using running = new AsyncDisposableStack();
  const full = running.use(await createFullDatabase());
  const less = running.use(await createCopyOf(full));
  const restore = await keepRows(less.adminUrl);
  const hubs: Hubs = {
    full: running.use(await startFuzzed(full, true)),
    reduced: running.use(await startFuzzed(less, true)),
    open: running.use(await startFuzzed(less, false)),
    openTrial: running.use(await startFuzzed(less, false, true)),
  };
  const tally: Tally = { asked: 0, exports: 0, expected: 0, empty: 0, differences: [] };
  for (const number of numbersOf(options.callers, options.only?.caller)) {
    const asker = anyAsker(randomFrom(options.seed * 1_000_003 + number));
    const sight = sightOf(asker.caller, agreedWith(asker));
    await restore();
    const keys = await keysOf(full.adminUrl, sight);
    await hide(less.adminUrl, sight);
    for (const hub of [hubs.full, hubs.reduced]) hub.admit(asker);
    await askAll({ asker, sight, keys, hubs, number }, options, tally);
    options.onCaller?.(number + 1, tally.differences.length);
  }
  return tally;
}

const numbersOf = (count: number, only: number | undefined): readonly number[] =>
  only === undefined ? Array.from({ length: count }, (_, number) => number) : [only];

type Turn = {
  readonly asker: Asker;
  readonly sight: Sight;
  readonly keys: Keys;
  readonly hubs: Hubs;
  readonly number: number;
};

/** Asks all questions of one caller. */
async function askAll(
  turn: Turn,
  { seed, questions, only, onDifference, shrinks = 2 }: FuzzOptions,
  tally: Tally,
): Promise<void> {
  const { asker, sight, number } = turn;
  const isSeen = (coordinate: string) => sight.reachOf(coordinate) !== 'none';
  for (const place of numbersOf(questions, only?.place)) {
    const random = randomFrom(seed * 7_919 + number * 104_729 + place);
    const isExport = place % exportEvery === exportEvery - 1;
    const question = (isExport ? anyTable : anyQuestion)(random, isSeen);
    if (asksForHiddenCounts(question, sight)) continue;
    const compareOnce = (each: Question, counts: Tally | undefined) =>
      isExport ? compareOneExport(each, turn) : compareOne(each, turn, counts);
    // Which call a gateway can spare depends on which agency answers first: only what recurs is a difference.
    const compare = async (each: Question, counts: Tally | undefined) => {
      const found = await compareOnce(each, counts);
      return found.some(isOfEffort) ? recurring(found, await compareOnce(each, undefined)) : found;
    };
    tally.asked++;
    if (isExport) tally.exports++;
    for (const difference of await compare(question, tally)) {
      const { kind } = difference;
      const isNew = tally.differences.filter((each) => each.kind === kind).length < shrinks;
      const again = async (each: Question) =>
        (await compare(each, undefined)).find((other) => other.kind === kind);
      const smallest = isNew ? await shrunk(question, again) : undefined;
      const smaller = smallest ?? { difference, question };
      const found = {
        ...smaller.difference,
        question: smaller.question,
        asker,
        seed: `${seed}.${number}.${place}`,
      };
      tally.differences.push(found);
      onDifference?.(found);
    }
  }
}

async function compareOne(
  question: Question,
  { asker: { caller }, hubs: { full, reduced, ...others }, sight, keys }: Turn,
  tally: Tally | undefined,
): Promise<Difference[]> {
  const open = caller.kind === 'partner' && caller.isTest ? others.openTrial : others.open;
  const [hidden, absent, seen] = await Promise.all([
    full.ask(question),
    reduced.ask(question),
    open.ask(withIdentities(question)),
  ]);
  const { data, errors } = answerOf(seen);
  const roots = Object.values((answerOf(hidden).data as object | null | undefined) ?? {});
  if (tally && roots.every((root) => root === null)) tally.empty++;
  // If the open hub cannot answer either, there is no oracle.
  if (errors) return compareHidden(hidden, absent);
  if (tally) tally.expected++;
  const expected = expectedOf(question, data, sight, keys);
  return [...compareHidden(hidden, absent), ...compareExpected(hidden, expected)];
}

async function compareOneExport(
  question: Question,
  { hubs: { full, reduced } }: Turn,
): Promise<Difference[]> {
  const [hidden, absent] = await Promise.all([
    full.exported(question, 'csv'),
    reduced.exported(question, 'csv'),
  ]);
  return compareExports(hidden, absent);
}

const isOfEffort = ({ kind }: Difference) => kind === 'calls' || kind === 'bytes';

const recurring = (found: readonly Difference[], again: readonly Difference[]) =>
  found.filter((one) => !isOfEffort(one) || again.some(({ kind }) => kind === one.kind));

const agreedWith = ({ agreements, purpose }: Asker) =>
  agreements
    .filter((each) => each.purpose === purpose)
    .map((each) => ({ ...each, fields: new Set(each.fields) }));

async function keysOf(adminUrl: string, sight: Sight): Promise<Keys> {
  const sql = postgres(adminUrl, { max: 1 });
  const keys = new Map<string, ReadonlySet<unknown>>();
  const find = async (name: string, typeName: string, condition: string) => {
    const table = tables[typeName];
    if (!table || table.names.length === 0) return;
    const parts = table.names.map((each) => `select ${table.key} as key from ${each} t where ${condition}`);
    const rows = await sql.unsafe<{ key: unknown }[]>(parts.join(' union all '));
    keys.set(name, new Set(rows.map(({ key }) => key)));
  };
  try {
    for (const { coordinate, typeName, sql: condition } of partlyShown(sight))
      await find(coordinate, typeName, condition);
    const regions = sight.rowsOf('Region');
    if (isSome(regions)) await find('Region', 'Region', regions.sql);
  } finally {
    await sql.end();
  }
  return keys;
}
