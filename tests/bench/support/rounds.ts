import { isDeepStrictEqual } from 'node:util';
import { medianOf } from '../../support/median.ts';
import { type LoadFigures, putLoadInTurn } from './load.ts';
import type { Server } from './node-process.ts';

/** A server that answers the question of a case. Several with one name are measured as one, because no two processes are alike. */
export interface Contestant {
  readonly name: string;
  readonly server: Server;
  /** Address for the question. */
  readonly url: string;
  /** Headers that identify the caller. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A contestant that is not measured, and why. */
export interface Absentee {
  readonly name: string;
  readonly reason: string;
}

export interface Case {
  /** Bodies of requests, sent in turn, each with the data of its right answer. */
  readonly asks: readonly { readonly body: string; readonly data: unknown }[];
  readonly connections: number;
  readonly isPinned: boolean;
  /** Seconds per turn, if small differences are measured: the contestants take turns again and again. */
  readonly sliceSeconds?: number;
}

export interface Timing {
  readonly rounds: number;
  readonly seconds: number;
}

/** Medians over the rounds, in the order of the contestants. */
export interface Measured {
  readonly name: string;
  readonly figures: LoadFigures;
}

export type Outcome = Measured | Absentee;

/** Asks once and compares. Resolves to the reason why the answer is wrong, or to undefined. */
export async function checkAnswers(
  { url, headers }: Contestant,
  { asks }: Case,
): Promise<string | undefined> {
  for (const { body, data } of asks) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body,
    });
    const answer = await response.json().catch(() => undefined);
    if (answer?.errors) return `wrong answer: ${answer.errors[0]?.message}`;
    if (!isDeepStrictEqual(answer?.data, data)) return `wrong answer (HTTP ${response.status})`;
  }
  return undefined;
}

/** Compares every contestant's answers, warms them up, and measures in rounds: A B C, A B C. */
export async function measure(
  contestants: readonly Contestant[],
  theCase: Case,
  { rounds, seconds }: Timing,
): Promise<Outcome[]> {
  const absent: Absentee[] = [];
  const right: Contestant[] = [];
  for (const contestant of contestants) {
    const fault = await checkAnswers(contestant, theCase).catch(({ message }) => String(message));
    if (fault) absent.push({ name: contestant.name, reason: fault });
    else right.push(contestant);
  }
  const taken = new Map<string, LoadFigures[]>(right.map(({ name }) => [name, []]));

  const { asks, connections, isPinned, sliceSeconds } = theCase;
  const bodies = asks.map(({ body }) => body);
  // Gateways may write the same data a little shorter or longer, but not by a tenth.
  const leastBytes = 0.9 * Math.min(...asks.map(({ data }) => Buffer.byteLength(JSON.stringify({ data }))));
  const teams = teamsOf(right);
  const groups = sliceSeconds === undefined ? right.map((each) => [each]) : teams;
  for (let round = 0; round <= rounds; round++) {
    const isWarmUp = round === 0;
    for (const group of groups) {
      const targets = group.map(({ url, headers, server }) => ({ url, headers, pid: server.pid }));
      const measuredSeconds = isWarmUp ? 0.1 : seconds / teams.length;
      const load = {
        targets,
        bodies,
        connections,
        warmUpSeconds: isWarmUp ? seconds : 0.5,
        seconds: measuredSeconds,
        sliceSeconds: sliceSeconds ?? measuredSeconds,
        leastBytes,
      };
      const figures = await putLoadInTurn(load, { isPinned });
      if (isWarmUp) continue;
      for (const [i, { name }] of group.entries()) if (figures[i]) taken.get(name)?.push(figures[i]);
    }
  }
  return [
    ...[...taken].map(([name, figures]): Measured => ({ name, figures: mediansOf(figures) })),
    ...absent,
  ];
}

/** Splits contestants into teams with one of each name: the first ones, the second ones … */
function teamsOf(contestants: readonly Contestant[]): Contestant[][] {
  const byName = Map.groupBy(contestants, ({ name }) => name);
  const size = Math.max(0, ...[...byName.values()].map((alike) => alike.length));
  return Array.from({ length: size }, (_, i) =>
    [...byName.values()].flatMap((alike) => alike.slice(i, i + 1)),
  );
}

function mediansOf(rounds: readonly LoadFigures[]): LoadFigures {
  const median = (of: (figures: LoadFigures) => number) => medianOf(rounds.map(of));
  return {
    requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
    failures: rounds.reduce((sum, { failures }) => sum + failures, 0),
    requestsPerSecond: median((figures) => figures.requestsPerSecond),
    cpuMsPerRequest: median((figures) => figures.cpuMsPerRequest),
    p50Ms: median((figures) => figures.p50Ms),
    p99Ms: median((figures) => figures.p99Ms),
    rssBytes: Math.max(...rounds.map(({ rssBytes }) => rssBytes)),
  };
}
