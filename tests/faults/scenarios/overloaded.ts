import { setTimeout as wait } from 'node:timers/promises';
import { medianOf } from '../../support/median.ts';
import { type Exchange, startLoad } from '../load.ts';
import { watchMemory } from '../memory.ts';
import { type Figure, note, type Scenario, tally } from '../scenario.ts';

/** Small, and the subgraph slow, so that ten times the load is what one machine can put on itself. */
const maxInFlight = 16;
const delayMs = 100;
const capacityMs = 2_000;
const overloadMs = 4_000;
/** How soon a caller comes back who does not heed Retry-After. */
const impatienceMs = 150;
const shedMostMs = 25;

export const overloaded: Scenario = {
  name: '10 × overload',
  async run(city) {
    await using gateway = await city.startGateway({ env: { MAX_IN_FLIGHT: String(maxInFlight) } });
    using memory = watchMemory(gateway.pid);
    const questions = [city.questions.page(['party'])];
    city.partyProxy.fault = { kind: 'slow', delayMs };

    const put = async (connections: number, pauseMs: number, ms: number) => {
      const load = startLoad(gateway.origin, { questions, connections, pauseMs });
      await wait(ms);
      return load.stop();
    };
    const alone = await put(maxInFlight, 0, capacityMs);
    memory.settle();
    const exchanges = await put(10 * maxInFlight, impatienceMs, overloadMs);
    city.partyProxy.fault = { kind: 'none' };

    const isShed = ({ outcome }: Exchange) => outcome.kind === 'shed';
    const accepted = exchanges.filter((each) => !isShed(each));
    const perSecond = (count: number, ms: number) => `${Math.round((count / ms) * 1_000)}/s`;
    return [
      ...tally([...alone, ...accepted]),
      memory.figure(),
      ...describeShed(exchanges.filter(isShed)),
      note(
        `answered ${perSecond(alone.length, capacityMs)} at the limit, ${perSecond(accepted.length, overloadMs)} at 10 ×`,
      ),
    ];
  },
};

function describeShed(shed: readonly Exchange[]): Figure[] {
  if (shed.length === 0) return [note('none turned away', false)];
  const withTime = shed.filter(({ outcome }) => outcome.kind === 'shed' && Number(outcome.retryAfter) > 0);
  const p50 = medianOf(shed.map(({ tookMs }) => tookMs));
  return [
    note(`${shed.length} turned away, p50 ${p50.toFixed(1)} ms`, p50 < shedMostMs),
    note(`${withTime.length} of them with Retry-After`, withTime.length === shed.length),
  ];
}
