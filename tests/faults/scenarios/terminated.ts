import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { poll } from '../../support/poll.ts';
import type { City } from '../city.ts';
import type { FaultProxy } from '../fault-proxy.ts';
import { type Exchange, startLoad } from '../load.ts';
import { note, type Scenario, tally } from '../scenario.ts';

/** What happens between two steps of the gateway happens rarely. */
const times = 3;
/** Of the agency party: requests are then in every state when the signal comes. */
const delayMs = 150;
const warmUpMs = 1_500;
const load = { connections: 6, pauseMs: 5 };
const exitMostMs = 20_000;

export const terminated: Scenario = {
  name: 'SIGTERM to the gateway under load',
  async run(city) {
    const endings: Ending[] = [];
    city.partyProxy.fault = { kind: 'slow', delayMs };
    for (let i = 0; i < times; i++) endings.push(await terminate(city));
    city.partyProxy.fault = { kind: 'none' };

    const all = <K extends keyof Ending>(name: K) => endings.map((each) => each[name]);
    const underWay = all('underWay');
    const [before, after, codes] = [all('readyBefore'), all('readyAfter'), all('code')];
    return [
      ...tally(all('exchanges').flat()),
      note(`${underWay.join(', ')} under way at the signal`, !underWay.includes(0)),
      note(
        `/readyz ${before.join(', ')} before`,
        before.every((status) => status === 200),
      ),
      note(
        `${after.join(', ')} after`,
        after.every((status) => status === 503),
      ),
      note(
        `exit codes ${codes.join(', ')}`,
        codes.every((code) => code === 0),
      ),
      note(`after ${all('exitMs').join(', ')} ms`),
      note(`${all('turnedAway').join(', ')} turned away who ignored /readyz`),
    ];
  },
};

interface Ending {
  /** All that had to be answered. */
  readonly exchanges: readonly Exchange[];
  /** Those who came although `/readyz` said not to, and were told by the network that nobody is there. */
  readonly turnedAway: number;
  readonly underWay: number;
  readonly readyBefore: number | undefined;
  readonly readyAfter: number | undefined;
  readonly code: number | null;
  readonly exitMs: number;
}

async function terminate(city: City): Promise<Ending> {
  await using gateway = await city.startGateway({ env: { STOP_NOTICE: '500ms' } });
  const { page } = city.questions;
  const questions = [page(['party']), page([]), page([])];
  // Callers behind a balancer, which sends nothing more once `/readyz` says 503; each opens a connection a request.
  const balanced = startLoad(gateway.origin, { ...load, questions, keepsAlive: false });
  // Callers who hold on to their connections, and look at nothing.
  const direct = startLoad(gateway.origin, { ...load, questions });
  await wait(warmUpMs);
  const readyBefore = await statusOf(gateway.origin);

  const letGo = await holdRequests(city.partyProxy);
  const signalledAt = performance.now();
  const ended = gateway.kill('SIGTERM');
  const unready = untilUnready(gateway.origin);
  await poll(() => gateway.output().includes('Stopping') || undefined);
  letGo();
  const readyAfter = await unready;
  const ofBalanced = await balanced.stop();
  const { code } = await Promise.race([ended, wait(exitMostMs, { code: -1 })]);
  const exitMs = Math.round(performance.now() - signalledAt);
  const ofDirect = await direct.stop();

  const isUnderWay = ({ sentAt, tookMs }: Exchange) => sentAt < signalledAt && sentAt + tookMs > signalledAt;
  const turnedAway = ofDirect.filter((each) => each.sentAt > signalledAt && isTurnedAway(each));
  return {
    exchanges: [...ofBalanced, ...ofDirect.filter((each) => !turnedAway.includes(each))],
    turnedAway: turnedAway.length,
    underWay: [...ofBalanced, ...ofDirect].filter(isUnderWay).length,
    readyBefore,
    readyAfter,
    code,
    exitMs,
  };
}

/** Resolves when requests are under way that cannot end before they are let go. */
async function holdRequests(proxy: FaultProxy): Promise<() => void> {
  const { promise: held, resolve: onHeld } = Promise.withResolvers<void>();
  const { promise: until, resolve } = Promise.withResolvers<void>();
  const { fault } = proxy;
  proxy.fault = { kind: 'held', onHeld, until };
  await held;
  return () => {
    proxy.fault = fault;
    resolve();
  };
}

/**
 * Whether a new connection was refused; or reset, which is how a kernel refuses those that waited in the queue of a
 * listener when it closed, with their requests unread.
 */
const isTurnedAway = ({ outcome }: Exchange) =>
  outcome.kind === 'refused' || (outcome.kind === 'dropped' && !outcome.wasUsed);

/** The first answer of `/readyz` that is not 200; undefined where nobody answers before. */
async function untilUnready(origin: string): Promise<number | undefined> {
  for (;;) {
    const status = await statusOf(origin).catch(() => undefined);
    if (status !== 200) return status;
    await wait(5);
  }
}

function statusOf(origin: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  get(`${origin}/readyz`, { agent: false }, (response) => resolve(response.resume().statusCode)).on(
    'error',
    reject,
  );
  return promise;
}
