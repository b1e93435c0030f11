import { today } from '@wenshu/kit/today.ts';
import { addWorkingDays, standardCalendar, workingDaysBefore } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubWithRequests } from '../support/service-requests.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';

// The sweep of service requests. It is called here; in a process it runs every minute.

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
let subgraphs: readonly ReturnType<typeof createSubgraphOf.policies>[];
const errors: unknown[] = [];
beforeAll(async () => {
  hub = await startHubWithRequests();
  const url = hub.hub.database.urls.policies;
  const onError = (error: unknown) => errors.push(error);
  subgraphs = [createSubgraphOf.policies({ url, onError }), createSubgraphOf.policies({ url, onError })];
  // Requests of the dataset are due in the past; these tests are about their own.
  await hub.sql("update policies.service_requests set due_on = null where stage <> 'STRUCK_OFF'");
});
afterAll(async () => {
  await Promise.all(subgraphs.map((each) => each.close()));
  await hub[Symbol.asyncDispose]();
});

const sweep = async (rules: { readonly day?: string; readonly most?: number } = {}) =>
  subgraphs[0]?.sweep(rules);
const inDays = (workingDays: number) => addWorkingDays(today(), workingDays, standardCalendar);

const request = (id: string, dueOn: string, stage = 'COLLECTED') =>
  hub.sql(`insert into policies.service_requests
    (id, enterprise_id, region_code, kind, title_zh, stage, submitted_on, due_on, closed_on, responsible_id)
    values ('${id}', 'ent-pico', '370212', 'OTHER', '诉求', '${stage}', '2026-01-05', '${dueOn}',
      ${stage === 'STRUCK_OFF' ? "'2026-02-02'" : 'null'}, 'x-handler')`);

const eventsOf = async (id: string) =>
  (
    await hub.sql(
      `select action, version from policies.changes where object_id = '${id}' order by transaction, seq`,
    )
  ).map(({ action, version }) => [action, version]);

describe('due days', () => {
  it('tells once that an object is due soon, and once that it is overdue', async () => {
    await request('s-due', inDays(2));
    expect(await sweep()).toMatchObject({ dueSoon: 1, overdue: 0 });
    expect(await sweep()).toMatchObject({ dueSoon: 0, overdue: 0 });
    expect(await sweep({ day: inDays(2) })).toMatchObject({ dueSoon: 0, overdue: 0 });
    expect(await sweep({ day: inDays(3) })).toMatchObject({ dueSoon: 0, overdue: 1 });
    expect(await sweep({ day: inDays(4) })).toMatchObject({ dueSoon: 0, overdue: 0 });
    expect(await eventsOf('s-due')).toEqual([
      ['DUE_SOON', 1],
      ['OVERDUE', 1],
    ]);
  });

  it('tells again when the due day has moved', async () => {
    await request('s-moves', inDays(1));
    expect(await sweep()).toMatchObject({ dueSoon: 1 });
    await hub.sql(
      `update policies.service_requests set due_on = '${inDays(2)}', version = 2 where id = 's-moves'`,
    );
    expect(await sweep()).toMatchObject({ dueSoon: 1 });
    expect(await eventsOf('s-moves')).toEqual([
      ['DUE_SOON', 1],
      ['DUE_SOON', 2],
    ]);
    // What was told of the earlier day is forgotten.
    expect(await hub.sql("select 1 as n from policies.due_notices where object_id = 's-moves'")).toHaveLength(
      1,
    );
  });

  it('tells nothing of what is due later, or closed', async () => {
    await request('s-later', inDays(3));
    await request('s-closed', '2026-01-20', 'STRUCK_OFF');
    expect(await sweep()).toMatchObject({ dueSoon: 0, overdue: 0 });
  });

  it('takes so many objects of each kind in one run, and goes on in the next', async () => {
    const due = inDays(1);
    for (const at of [1, 2, 3]) await request(`s-many-${at}`, due);
    expect(await sweep({ most: 2 })).toMatchObject({ dueSoon: 2 });
    expect(await sweep({ most: 2 })).toMatchObject({ dueSoon: 1 });
  });
});

describe('what the hub does by itself', () => {
  const longOverdue = workingDaysBefore(today(), 5, standardCalendar);

  it('escalates a request once, five working days after its due day', async () => {
    const justBefore = addWorkingDays(longOverdue, 1, standardCalendar);
    await request('s-late', longOverdue, 'ASSIGNED');
    await request('s-not-yet', justBefore, 'ASSIGNED');
    expect(await sweep()).toMatchObject({ carriedOut: 1 });
    expect(await sweep()).toMatchObject({ carriedOut: 0 });
    const rows = await hub.sql(`select r.version, r.escalation, s.action, s.stage, s.author, s.agency_id
      from policies.service_requests r join policies.service_request_steps s on s.object_id = r.id where r.id = 's-late'`);
    expect(rows).toEqual([
      {
        version: 2,
        escalation: 'MEETING',
        action: 'ESCALATE',
        stage: 'ASSIGNED',
        author: 'system',
        agency_id: null,
      },
    ]);
    expect(await eventsOf('s-late')).toEqual([
      ['OVERDUE', 1],
      ['ESCALATE', 2],
    ]);
    expect(await eventsOf('s-not-yet')).toEqual([['OVERDUE', 1]]);
  });

  it('is done once by two sweeps at the same time, also where none knows of the other', async () => {
    for (const at of [1, 2, 3, 4, 5, 6, 7, 8]) await request(`s-twice-${at}`, longOverdue, 'ASSIGNED');
    const swept = await Promise.all(subgraphs.flatMap((each) => [each.sweep(), each.sweep()]));
    expect(swept.filter((each) => each !== undefined).length).toBeGreaterThan(0);
    // A process that believes to be alone, because the other's time was over.
    const again = subgraphs.map(async (each) => {
      await hub.sql("update policies.sweeps set taken_until = '2020-01-01'");
      return each.sweep();
    });
    await Promise.all(again);
    for (const at of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(await eventsOf(`s-twice-${at}`)).toEqual([
        ['OVERDUE', 1],
        ['ESCALATE', 2],
      ]);
    }
    expect(errors).toEqual([]);
  });
});

describe('what is old', () => {
  it('deletes events after their days, and notes the last one', async () => {
    const [before] = await hub.sql('select count(*)::integer as count from policies.changes');
    await hub.sql(`update policies.changes set at = now() - interval '8 days'
      where seq in (select seq from policies.changes order by transaction, seq limit 2)`);
    const [last] = await hub.sql(
      'select transaction::text as transaction, seq::text as seq from policies.changes c order by c.transaction, c.seq offset 1 limit 1',
    );
    expect(await sweep()).toMatchObject({ deletedChanges: 2 });
    expect(await hub.sql('select count(*)::integer as count from policies.changes')).toEqual([
      { count: Number(before?.count) - 2 },
    ]);
    expect(
      await hub.sql(
        'select deleted_transaction::text as transaction, deleted_seq::text as seq from policies.sweeps',
      ),
    ).toEqual([last]);
  });

  it('deletes the keys of mutations after thirty days', async () => {
    await hub.sql(`insert into policies.mutation_keys (author, key, input_hash, object_id, step, at) values
      ('a', 'old', '', 's-late', 0, now() - interval '32 days'), ('a', 'young', '', 's-late', 0, now() - interval '29 days')`);
    expect(await sweep()).toMatchObject({ deletedKeys: 1 });
    expect(await hub.sql("select key from policies.mutation_keys where author = 'a'")).toEqual([
      { key: 'young' },
    ]);
  });
});

it('wakes a listener after a commit, without data', async () => {
  const woken = Promise.withResolvers<void>();
  const [subgraph] = subgraphs;
  let calls = 0;
  const listening = await subgraph?.onChange(() => {
    // The first call is that of the new connection.
    if (++calls === 2) woken.resolve();
  });
  await hub.sql(
    `insert into policies.changes (type, object_id, action, stage, version) values ('ServiceRequest', 's-late', 'X', 'ASSIGNED', 3)`,
  );
  await woken.promise;
  await listening?.stop();
});
