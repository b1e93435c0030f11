import { setTimeout as wait } from 'node:timers/promises';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { addedTime, watchBreaker } from './breaker.ts';
import type { City } from './city.ts';
import { type Load, startLoad } from './load.ts';
import { watchMemory } from './memory.ts';
import { neighbours } from './questions.ts';
import { timeToWholeAnswer } from './recovery.ts';
import { note, type Scenario, tally, time } from './scenario.ts';

/** Something that some subgraphs suffer for a while, and that costs their fields and nothing else. */
export interface Outage {
  readonly name: string;
  readonly victims: readonly SubgraphName[];
  begin(city: City): Promise<unknown> | unknown;
  /** Resolves as soon as the victims can answer again. */
  end(city: City): Promise<unknown> | unknown;
  /** How long it lasts beyond the time that `begin` and `end` take. */
  readonly holdMs: number;
  readonly recoveryMostMs: number;
  /** Whether the gateway can tell by the call alone that it failed, and so stops calling for a while. */
  readonly opensBreaker: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Of the load; a few, unless more hurt more. */
  readonly connections?: number;
}

/**
 * For victims that do not answer at all: a shorter time than the ten seconds that a call may take by default, and
 * more callers, so that the gateway sees soon that calls fail.
 */
export const hanging = { holdMs: 6_000, connections: 8, env: { SUBGRAPH_TIMEOUT: '1s' } } as const;

export interface Pace {
  /** Load before the outage, until the gateway has made what it keeps. */
  readonly warmUpMs: number;
  /** Load after the first whole answer. */
  readonly afterMs: number;
}

const standardPace: Pace = { warmUpMs: 1_500, afterMs: 700 };
const standardConnections = 4;
const pauseMs = 20;
/** On a busy machine no question may meet a short outage. */
const mostFurtherMs = 5_000;

async function untilFelt({ exchanges }: Load): Promise<void> {
  const last = performance.now() + mostFurtherMs;
  while (performance.now() < last && !exchanges.some(({ outcome }) => outcome.kind === 'partial'))
    await wait(20);
}

export const outageScenario = (outage: Outage, { warmUpMs, afterMs } = standardPace): Scenario => ({
  name: outage.name,
  async run(city) {
    const { victims, env, connections = standardConnections } = outage;
    await using gateway = await city.startGateway({ ...(env && { env }) });
    using memory = watchMemory(gateway.pid);
    const { page, single } = city.questions;
    const whole = page(neighbours);
    const pair = { affected: page(neighbours.filter((name) => victims.includes(name))), control: page([]) };
    // Mostly these, because medians of few would tell of the machine and not of the gateway.
    const timed = [pair.affected, pair.control, pair.affected, pair.control];
    const [probe = whole] = single;

    const load = startLoad(gateway.origin, {
      connections,
      pauseMs,
      questions: single.flatMap((one) => [whole, ...timed, one, ...timed]),
    });
    await wait(warmUpMs);
    memory.settle();
    load.suspect(victims);
    const [victim] = victims;
    const breaker = outage.opensBreaker && victim ? watchBreaker(gateway.origin, victim) : undefined;
    await outage.begin(city);
    await wait(outage.holdMs);
    await untilFelt(load);
    const openedAt = await breaker?.end();
    await outage.end(city);
    const endedAt = performance.now();
    const recoveryMs = await timeToWholeAnswer(gateway.origin, probe);
    await wait(afterMs);
    const exchanges = await load.stop();

    const failed = exchanges.filter(({ outcome }) => outcome.kind === 'partial');
    const latest = Math.max(endedAt, ...failed.map(({ sentAt }) => sentAt));
    return [
      ...tally(exchanges),
      time('recovery', recoveryMs, outage.recoveryMostMs),
      ...(breaker ? addedTime(exchanges, pair, { openedAt, endedAt }) : []),
      memory.figure(),
      note(`last partial answer asked for ${Math.round(latest - endedAt)} ms after the end`),
      ...(failed.length === 0 ? [note('the fault was not felt', false)] : []),
    ];
  },
});
