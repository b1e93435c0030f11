import type postgres from 'postgres';
import { medianOf } from '../../support/median.ts';
import type { Question } from './questions.ts';

/** Latency of sequential requests on one connection. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Asked {
  readonly hub: Latency;
  readonly sql: Latency;
}

export interface Timing {
  readonly rounds: number;
  readonly seconds: number;
}

/** Asks hub and database the same question in turn, in rounds. Refuses answers with different rows. Returns medians of the rounds. */
export async function ask(
  hub: string,
  sql: postgres.Sql,
  question: Question,
  { rounds, seconds }: Timing,
): Promise<Asked> {
  const regions = question.regions ?? [undefined];
  const askHub = (i: number) => answerOf(hub, question.query, { region: regions[i % regions.length] });
  const askSql = async (i: number) => {
    const region = regions[i % regions.length];
    return [...(await sql.unsafe(question.sql, region === undefined ? [] : [region], { prepare: true }))];
  };
  for (const i of regions.keys()) compare(question, await askHub(i), await askSql(i));
  const taken = { hub: [] as Latency[], sql: [] as Latency[] };
  for (let round = 0; round < rounds; round++) {
    taken.hub.push(await latencyOf(askHub, seconds));
    taken.sql.push(await latencyOf(askSql, seconds));
  }
  return { hub: mediansOf(taken.hub), sql: mediansOf(taken.sql) };
}

async function answerOf(hub: string, query: string, variables: object): Promise<Record<string, unknown>[]> {
  const response = await fetch(new URL('/graphql', hub), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data: { enterprises: { nodes?: Record<string, unknown>[]; aggregates?: Record<string, unknown>[] } };
    errors?: { message: string }[];
  };
  if (errors) throw new Error(`The hub answers: ${errors[0]?.message}`);
  return data.enterprises.nodes ?? data.enterprises.aggregates ?? [];
}

/** Compares rows by id, and groups by their count. */
function compare(
  { name }: Question,
  hub: readonly Record<string, unknown>[],
  sql: readonly Record<string, unknown>[],
): void {
  const marks = (rows: readonly Record<string, unknown>[]) =>
    rows.map(({ id, count }) => String(id ?? count)).join();
  if (marks(hub) !== marks(sql)) throw new Error(`Hub and SQL answer "${name}" with different rows.`);
}

/** Returns the latency over this many seconds, with at least a few requests. */
async function latencyOf(askOnce: (i: number) => Promise<unknown>, seconds: number): Promise<Latency> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  for (let i = 0; i < 3 || performance.now() < until; i++) {
    const startedAt = performance.now();
    await askOnce(i);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const quantile = (part: number) => times[Math.floor(part * (times.length - 1))] ?? Number.NaN;
  return { p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

const mediansOf = (rounds: readonly Latency[]): Latency => ({
  p50Ms: medianOf(rounds.map(({ p50Ms }) => p50Ms)),
  p99Ms: medianOf(rounds.map(({ p99Ms }) => p99Ms)),
});
