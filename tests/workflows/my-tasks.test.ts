import { today } from '@wenshu/kit/today.ts';
import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { addWorkingDays, standardCalendar } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubWithRequests } from '../support/service-requests.ts';
import { type Person, peopleOf } from '../support/workflow-cases.ts';
import type { Official, Who } from '../support/workflow-hub.ts';

// 待办: for everybody, the tasks are those of the allowed actions that are duties.

const stages = stagesOf(serviceRequestTable);
const region = '370212';
const isDuty = (action: string, stage: string) =>
  serviceRequestTable.transitions.some(
    (each) => each.isTask && each.action === action && each.from.some((from) => from === stage),
  );

const people = peopleOf({
  departments: ['PROPAGANDA', 'CULTURE_TOURISM'],
  agencies: { 'x-handler': ['responsible'], 'x-helper': ['silentCoHandler'], 'x-publicity': ['submitter'] },
  region,
  elsewhere: '110105',
});

type Task = {
  readonly id: string;
  readonly actions: readonly string[];
  readonly dueOn: string | null;
  readonly isOverdue: boolean;
};

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
  const isClosed = (stage: string) => serviceRequestTable.closed.some((closed) => closed === stage);
  // Real requests only, whose due days are known.
  await hub.sql('delete from policies.service_requests');
  await hub.sql(
    stages
      .map(
        (stage, at) => `insert into policies.service_requests
          (id, enterprise_id, region_code, kind, title_zh, stage, submitted_on, due_on, closed_on, responsible_id, submitted_by_id)
          values ('x-${stage}', 'ent-pico', '${region}', 'OTHER', '诉求', '${stage}', '2026-01-05', ${isClosed(stage) || stage === 'REVISITED' ? 'null' : `'${inDays(at)}'`},
            ${isClosed(stage) ? "'2026-02-02'" : 'null'}, 'x-handler', 'x-publicity');
        insert into policies.service_request_co_handlers (request_id, seq, agency_id) values ('x-${stage}', 0, 'x-helper');`,
      )
      .join('\n'),
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

const inDays = (workingDays: number) => addWorkingDays(today(), workingDays, standardCalendar);

async function tasks(who: Who, args: Readonly<Record<string, unknown>> = {}) {
  const { data, errors } = await hub.hub.as(who).ask(
    `query ($first: Int, $after: String, $dueBefore: Date, $type: WorkflowType) {
      myTasks(first: $first, after: $after, dueBefore: $dueBefore, type: $type) {
        nodes { type id actions dueOn isOverdue object { id } } pageInfo { hasNextPage endCursor }
      }
    }`,
    args,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.myTasks as {
    nodes: readonly Task[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const isBefore = (a: Task, b: Task) => (a.dueOn ?? '9') < (b.dueOn ?? '9') || a.dueOn === b.dueOn;

describe('for everybody', () => {
  it.each(people)(
    '$official.department $official.role, $official.agency, region $official.region',
    async ({ official }: Person) => {
      const allowed = await hub.allowedOfAll(official);
      const expected = [...allowed].flatMap(([stage, actions]) => {
        const own = (actions as string[]).filter((action) => isDuty(action, stage));
        return own.length > 0 ? [[`x-${stage}`, own]] : [];
      });
      const { nodes } = await tasks(official, { first: 100 });
      expect(nodes.map(({ id, actions }) => [id, actions]).toSorted()).toEqual(expected.toSorted());
      for (const [at, task] of nodes.entries()) {
        const next = nodes[at + 1];
        if (next) expect(isBefore(task, next)).toBe(true);
      }
    },
  );
});

const handler: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'h-1' };
const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'leader-1' };

it('says what is due when, and comes in pages', async () => {
  const all = await tasks(leader);
  expect(all.nodes.length).toBeGreaterThan(1);
  const single: Task[] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo } = await tasks(leader, { first: 1, after });
    single.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(single).toEqual(all.nodes);
});

it('finds what is overdue, and what is due before a day', async () => {
  await hub.sql("update policies.service_requests set due_on = '2026-02-02' where id = 'x-ASSIGNED'");
  const { nodes } = await tasks(handler, { dueBefore: today() });
  expect(nodes).toEqual([
    {
      type: 'SERVICE_REQUEST',
      id: 'x-ASSIGNED',
      actions: ['RESOLVE'],
      dueOn: '2026-02-02',
      isOverdue: true,
      object: { id: 'x-ASSIGNED' },
    },
  ]);
});

it('leaves out what needs a second person who is not the caller', async () => {
  const person: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'both' };
  const before = await tasks(person);
  expect(before.nodes.map(({ id }) => id)).toContain('x-REVISITED');
  const { createHash } = await import('node:crypto');
  const author = createHash('sha256').update('person:PROPAGANDA both').digest('hex');
  await hub.sql(`insert into policies.service_request_steps (object_id, seq, stage, step_on, action, author)
    values ('x-REVISITED', 0, 'REVISITED', '2026-02-02', 'REVISIT', '${author}')`);
  expect((await tasks(person)).nodes.map(({ id }) => id)).not.toContain('x-REVISITED');
  expect((await tasks(leader)).nodes.map(({ id }) => id)).toContain('x-REVISITED');
});

it('shows an enterprise what it has to do itself', async () => {
  const key: Who = {
    enterpriseId: 'ent-pico',
    actions: ['RATE_REQUEST'],
    keyId: 'k1',
    scopes: ['Agency', 'Region'],
  };
  expect((await tasks(key)).nodes).toMatchObject([{ id: 'x-RESOLVED', actions: ['REVISIT'] }]);
  expect((await tasks({ ...key, actions: ['OBJECT'] })).nodes).toEqual([]);
});
