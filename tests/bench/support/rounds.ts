import { isDeepStrictEqual } from 'node:util';
import { medianOf } from '../../support/median.ts';
import { type LoadFigures, putLoad } from './load.ts';
import type { Server } from './node-process.ts';

/** Whoever answers the question of a case. */
export interface Contestant {
  readonly name: string;
  readonly server: Server;
  /** Where the question goes. */
  readonly url: string;
  /** What goes with it, to say who asks. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One that is not measured, and why. */
export interface Absentee {
  readonly name: string;
  readonly reason: string;
}

export interface Case {
  /** Bodies of requests, sent in turn, each with the data of its right answer. */
  readonly asks: readonly { readonly body: string; readonly data: unknown }[];
  readonly connections: number;
  readonly isPinned: boolean;
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

/** Asks once and compares. Resolves to why the answer will not do, or to nothing. */
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
  const taken = new Map<Contestant, LoadFigures[]>();
  const absent: Absentee[] = [];
  const { asks, connections, isPinned } = theCase;
  const bodies = asks.map(({ body }) => body);
  // Gateways may write the same data a little shorter or longer, but not by a tenth.
  const leastBytes = 0.9 * Math.min(...asks.map(({ data }) => Buffer.byteLength(JSON.stringify({ data }))));
  const load = ({ url, headers, server }: Contestant, warmUpSeconds: number, measuredSeconds: number) =>
    putLoad(
      {
        url,
        bodies,
        headers,
        connections,
        warmUpSeconds,
        seconds: measuredSeconds,
        pid: server.pid,
        leastBytes,
      },
      { isPinned },
    );

  for (const contestant of contestants) {
    const fault = await checkAnswers(contestant, theCase).catch(({ message }) => String(message));
    if (fault) absent.push({ name: contestant.name, reason: fault });
    else {
      taken.set(contestant, []);
      await load(contestant, seconds, 0.1);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [contestant, figures] of taken) figures.push(await load(contestant, 0.5, seconds));
  }
  return [
    ...[...taken].map(([{ name }, figures]): Measured => ({ name, figures: mediansOf(figures) })),
    ...absent,
  ];
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
