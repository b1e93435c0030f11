import { Agent } from 'node:http';
import { styleText } from 'node:util';
import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import type { FieldAccess } from '@wenshu/gateway/request/field-access.ts';
import { post } from '../faults/post.ts';
import { anAnswer, createAudit } from '../support/audit.ts';
import { startInProcess } from '../support/federation.ts';
import { describeMachine } from '../support/machine.ts';
import { medianOf } from '../support/median.ts';

// Measures what the audit log costs: node tests/bench/audit.ts

/** Number of concurrent writers. */
const writers = 50;
/** Number of concurrent callers: few, so that an answer waits for its record and not for other answers. */
const askers = 4;
const secondsEach = 2;
const rounds = 5;

/** Six fields, as many as a question for a page reads. */
const fields: readonly FieldAccess[] = ['id', 'nameZh', 'rent', 'vacancy', 'tenants', 'region'].map(
  (name) => ({
    coordinate: `Park.${name}`,
    class: 'CONDITIONAL',
    owner: 'CULTURE_TOURISM',
    agreement: 'a-2026-117',
  }),
);

async function withLog<T>(use: (log: AuditLog) => Promise<T>): Promise<T> {
  await using audit = await createAudit();
  const log = await audit.open({ queue: 1_000_000 });
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

/** Runs `work` repeatedly for each of this many callers; returns the duration of each run in milliseconds. */
async function repeat(callers: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + secondsEach * 1_000;
  const call = async () => {
    for (let start = performance.now(); start < end; start = performance.now()) {
      await work();
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return times;
}

const percentile = (times: readonly number[], part: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.NaN;

async function measureAppends() {
  const times = await withLog((log) => repeat(writers, () => log.append(anAnswer({ fields }))));
  return { perSecond: times.length / secondsEach, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** Measures the processor time of all threads for each record, in microseconds. */
async function measureNotes(): Promise<number> {
  const records = 100_000;
  return withLog(async (log) => {
    const before = process.cpuUsage();
    for (let noted = 0; noted < records; noted++) {
      log.note(anAnswer({ fields }));
      // As many records as a gateway gathers before it writes.
      if (noted % 100 === 99) await log.append(anAnswer({ fields }));
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / records;
  });
}

async function measureAnswers(options: Partial<GatewayOptions>): Promise<number[]> {
  await using hub = await startInProcess(
    { parks: { sdl: 'type Query { name: String }', resolvers: { Query: { name: () => 'East' } } } },
    options,
  );
  const agent = new Agent({ keepAlive: true, maxSockets: askers });
  const body = JSON.stringify({ query: '{ name }' });
  try {
    return await repeat(askers, async () => {
      const reply = await post(hub.url, body, { agent, timeoutMs: 10_000 });
      if (reply.kind !== 'answered' || reply.status !== 200) throw new Error(JSON.stringify(reply));
    });
  } finally {
    agent.destroy();
  }
}

const p99 = (times: number[]) => percentile(times, 0.99);
const fieldAccesses = () => fields;

const appends: Awaited<ReturnType<typeof measureAppends>>[] = [];
const micros: number[] = [];
const without: number[] = [];
const noted: number[] = [];
const durable: number[] = [];
for (let round = 0; round < rounds; round++) {
  appends.push(await measureAppends());
  micros.push(await measureNotes());
  without.push(p99(await measureAnswers({})));
  noted.push(p99(await withLog((audit) => measureAnswers({ audit }))));
  durable.push(p99(await withLog((audit) => measureAnswers({ audit, fieldAccesses }))));
}

const ms = (value: number) => `${value.toFixed(2)} ms`;
console.log(`${describeMachine()}, medians of ${rounds} rounds

${styleText('bold', `Records that ${writers} callers wait for`)}
  a second               ${Math.round(medianOf(appends.map(({ perSecond }) => perSecond)))}
  p50, p99               ${ms(medianOf(appends.map(({ p50 }) => p50)))}, ${ms(medianOf(appends.map((each) => each.p99)))}
${styleText('bold', 'Records that are noted')}
  processor time         ${medianOf(micros).toFixed(1)} µs each
${styleText('bold', `p99 of an answer, ${askers} callers at once`)}
  without audit log      ${ms(medianOf(without))}
  noted                  ${ms(medianOf(noted))}
  waits to be durable    ${ms(medianOf(durable))}`);
