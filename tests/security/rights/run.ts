import postgres from 'postgres';
import { createCopyOf } from '../../support/database.ts';
import { type Asker, anyAsker, describe } from './callers.ts';
import { answerOf, compareExpected, compareExports, compareHidden, type Difference } from './compare.ts';
import { expectedOf, type Keys } from './expected.ts';
import { hide, partlyShown } from './hide.ts';
import { createFullDatabase, type FuzzedHub, type Question, startFuzzed } from './hubs.ts';
import { anyQuestion, anyTable } from './questions.ts';
import { randomFrom } from './random.ts';
import { isSome } from './reach.ts';
import { keepRows } from './restore.ts';
import { shrunk } from './shrink.ts';
import { type Sight, sightOf } from './sight.ts';
import { tables } from './tables.ts';
import { withIdentities } from './with-identities.ts';

export type FuzzOptions = {
  readonly seed: number;
  readonly callers: number;
  /** Of each caller. */
  readonly questions: number;
  readonly onCaller?: (done: number, differences: number) => void;
  /** Of how many differences of a kind the smallest question is looked for. */
  readonly shrinks?: number;
};

export type Found = Difference & {
  readonly asker: Asker;
  readonly question: Question;
  readonly seed: string;
};

export type Outcome = {
  readonly asked: number;
  readonly exports: number;
  /** How many of the answers were held against the oracle, and how many had nothing but null. */
  readonly expected: number;
  readonly empty: number;
  readonly differences: readonly Found[];
};

type Hubs = { readonly full: FuzzedHub; readonly reduced: FuzzedHub; readonly open: FuzzedHub };

/** One of so many questions is an export. */
const exportEvery = 12;

/** Asks random questions for random callers, with what they may not see and without it. */
export async function fuzzRights({
  seed,
  callers,
  questions,
  onCaller,
  shrinks = 2,
}: FuzzOptions): Promise<Outcome> {
  await using running = new AsyncDisposableStack();
  const full = running.use(await createFullDatabase());
  const less = running.use(await createCopyOf(full));
  const restore = await keepRows(less.adminUrl);
  const hubs: Hubs = {
    full: running.use(await startFuzzed(full, true)),
    reduced: running.use(await startFuzzed(less, true)),
    open: running.use(await startFuzzed(less, false)),
  };
  const outcome = { asked: 0, exports: 0, expected: 0, empty: 0, differences: [] as Found[] };
  for (let number = 0; number < callers; number++) {
    const asker = anyAsker(randomFrom(seed * 1_000_003 + number));
    const sight = sightOf(asker.caller, agreedWith(asker));
    await restore();
    const keys = await keysOf(full.adminUrl, sight);
    await hide(less.adminUrl, sight);
    for (const hub of [hubs.full, hubs.reduced]) hub.admit(asker);
    for (let place = 0; place < questions; place++) {
      const random = randomFrom(seed * 7_919 + number * 104_729 + place);
      const isExport = place % exportEvery === exportEvery - 1;
      const question = (isExport ? anyTable : anyQuestion)(
        random,
        (coordinate) => sight.reachOf(coordinate) !== 'none',
      );
      const tell = (each: Question) =>
        isExport ? compareOneExport(each, hubs) : compareOne(each, hubs, sight, keys, outcome);
      outcome.asked++;
      if (isExport) outcome.exports++;
      const differences = await tell(question);
      for (const difference of differences) {
        const alike = outcome.differences.filter(({ kind }) => kind === difference.kind).length;
        const smallest =
          alike < shrinks
            ? await shrunk(question, async (each) =>
                (await tell(each)).find(({ kind }) => kind === difference.kind),
              )
            : undefined;
        outcome.differences.push({
          ...(smallest?.difference ?? difference),
          asker,
          question: smallest?.question ?? question,
          seed: `${seed}.${number}.${place}`,
        });
      }
    }
    onCaller?.(number + 1, outcome.differences.length);
  }
  return outcome;
}

async function compareOne(
  question: Question,
  { full, reduced, open }: Hubs,
  sight: Sight,
  keys: Keys,
  outcome: { expected: number; empty: number },
): Promise<Difference[]> {
  const [hidden, absent, seen] = await Promise.all([
    full.ask(question),
    reduced.ask(question),
    open.ask(withIdentities(question)),
  ]);
  const { data, errors } = answerOf(seen);
  if (
    Object.values((answerOf(hidden).data as object | null | undefined) ?? {}).every((each) => each === null)
  )
    outcome.empty++;
  if (errors) return compareHidden(hidden, absent);
  outcome.expected++;
  return [
    ...compareHidden(hidden, absent),
    ...compareExpected(hidden, expectedOf(question, data, sight, keys)),
  ];
}

async function compareOneExport(question: Question, { full, reduced }: Hubs): Promise<Difference[]> {
  const [hidden, absent] = await Promise.all([
    full.exported(question, 'csv'),
    reduced.exported(question, 'csv'),
  ]);
  return compareExports(hidden, absent);
}

const agreedWith = ({ agreements, purpose }: Asker) =>
  agreements
    .filter((each) => each.purpose === purpose)
    .map((each) => ({ ...each, fields: new Set(each.fields) }));

async function keysOf(adminUrl: string, sight: Sight): Promise<Keys> {
  const sql = postgres(adminUrl, { max: 1 });
  const keys = new Map<string, ReadonlySet<unknown>>();
  const find = async (name: string, typeName: string, condition: string) => {
    const table = tables[typeName];
    if (!table) return;
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

/** What a difference was found by, to be pasted into an issue. */
export const tell = ({ kind, detail, asker, question, seed }: Found): string =>
  [
    `${kind}: ${detail}`,
    `seed ${seed}`,
    question.query,
    JSON.stringify(question.variables),
    describe(asker),
  ].join('\n');
