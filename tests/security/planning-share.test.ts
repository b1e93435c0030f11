import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import { openPlanner } from '@wenshu/gateway/planning/planner.ts';
import { createPlanningQueue } from '@wenshu/gateway/planning/planning-queue.ts';
import { expect, test } from 'vitest';
import { endless } from '../support/endless-plan.ts';
import { type Federation, startInProcess, supergraphOf } from '../support/federation.ts';
import { plannerOf } from '../support/processes.ts';

// One caller succeeded on 10c1293: while its operation was planned, every new one of others waited, and failed.
// Two succeeded on e0e9d28: they held both planners until their budgets ended, and others waited as long.

const access: AccessOptions = {
  others: [
    async ({ headers }) => {
      const keyId = headers.get('x-caller') ?? '';
      return {
        kind: 'partner',
        keyId,
        partner: keyId,
        isTest: false,
        scopes: ['Thing', 'Query'],
        regions: [],
      };
    },
  ],
};

async function ask(hub: Federation, caller: string, query: string) {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', 'x-caller': caller },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: object }[] };
  return { status: response.status, data, extensions: errors?.[0]?.extensions };
}

const answered = { status: 200, data: { thing: null } };

test('operations that cannot be planned, with copies of them, keep nobody else from new ones', async () => {
  await using hub = await startInProcess(endless.subgraphs, {
    access,
    planTimeoutMs: 10_000,
    planBudgetMs: 2_000,
  });
  const ended: number[] = [];
  const attack = (caller: string, copies: number) =>
    Array.from({ length: copies }, async (_, i) => {
      const answer = await ask(hub, caller, endless.operation.replace('{ name', `{ copy${i}: name`));
      ended.push(answer.status);
      return answer;
    });

  // One caller holds one planner: the other is there for everybody else.
  const first = attack('a', 10);
  expect(await ask(hub, 'b', '{ thing { id } }')).toMatchObject(answered);
  expect(await ask(hub, 'c', '{ thing { id name } }')).toMatchObject(answered);
  expect(ended).toEqual([]);

  // Two callers hold both: what they have planned for long is cut off.
  const all = [...first, ...attack('f', 3)];
  for (const caller of ['h', 'i', 'j']) {
    expect(await ask(hub, caller, `{ thing { ${caller}: id } }`)).toMatchObject(answered);
  }
  expect(await Promise.race(all)).toMatchObject({
    status: 503,
    extensions: { code: 'OVERLOADED', messageZh: expect.stringContaining('中止') },
  });
  for (const each of all) expect((await each).status).toBeGreaterThanOrEqual(429);
}, 120_000);

test('a caller that has used up its planning time is refused with this reason, others are not', async () => {
  await using hub = await startInProcess(endless.subgraphs, {
    access,
    planTimeoutMs: 2_000,
    planBudgetMs: 1_000,
  });
  expect(await ask(hub, 'd', endless.operation)).toMatchObject({
    extensions: { code: 'OPERATION_UNPLANNABLE' },
  });
  expect(await ask(hub, 'd', '{ thing { id } }')).toMatchObject({
    status: 429,
    extensions: { code: 'RATE_LIMITED', messageZh: expect.any(String) },
  });
  expect(await ask(hub, 'e', '{ thing { id } }')).toMatchObject(answered);
  // What is planned by now costs nobody anything.
  expect(await ask(hub, 'd', '{ thing { id } }')).toMatchObject(answered);
}, 60_000);

test('a copy with other aliases and names is known to be unplannable, to who asked', async () => {
  const planner = await openPlanner(supergraphOf(endless.subgraphs), { planTimeoutMs: 1_500 });
  const nothingMoves = { labels: new Set<string>(), percentage: 0, key: '' };
  const plan = (operation: string, name?: string) =>
    planner.plan(operation, name, nothingMoves, { payer: 'copies' });
  await expect(plan(endless.operation)).rejects.toThrow('1500 ms');
  await plan('{ thing { id } }');
  const planning = await plannerOf(process.pid);
  for (const copy of [
    endless.operation.replaceAll('name', 'a: name'),
    endless.operation.replace('{ name', '{ name b: name'),
  ]) {
    await expect(plan(`query Copy ${copy}`, 'Copy')).rejects.toThrow('1500 ms');
  }
  expect(await plannerOf(process.pid)).toBe(planning);
  planner.close();
}, 60_000);

test('floods: who waits is refused in time, not in turn, and an account has so many places', async () => {
  const enqueue = createPlanningQueue();
  const held = Promise.withResolvers<void>();
  const limits = { waitMs: 600_000, budgetMs: 600_000 };
  const attack = Array.from({ length: 70 }, () => enqueue(() => held.promise, 'a', limits));
  const refused = await Promise.allSettled(attack.slice(65));
  expect(refused.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  const others = enqueue(() => held.promise, 'b', limits);
  await expect(enqueue(async () => 'planned', 'c', { ...limits, waitMs: 20 })).rejects.toThrow(
    'Too many new operations wait',
  );
  held.resolve();
  await Promise.all([...attack.slice(0, 65), others]);
});

test('accounts take turns: who asks for one is not behind who asks for many', async () => {
  const enqueue = createPlanningQueue();
  const order: string[] = [];
  const limits = { waitMs: 600_000, budgetMs: 600_000 };
  const plan = (payer: string) => enqueue(async () => order.push(payer), payer, limits);
  await Promise.all([plan('a'), plan('a'), plan('a'), plan('b')]);
  expect(order.indexOf('b')).toBeLessThan(3);
});
