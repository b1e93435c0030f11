import { readFileSync } from 'node:fs';
import { today } from '@wenshu/kit/today.ts';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { workflowTypes } from '@wenshu/schema/workflow-types.ts';
import { buildSchema, isEnumType, isObjectType } from 'graphql';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '../support/poll.ts';
import { startHubWithRequests } from '../support/service-requests.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';
import type { Official, Who } from '../support/workflow-hub.ts';

// The events of workflows, as a page over all agencies.

const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' };
const elsewhere: Official = { ...editor, sub: 'editor-2', region: '110105' };
const handler: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'h-1' };
const nobody: Official = { department: 'FINANCE', role: 'editor', sub: 'f-1' };
const enterprise: Who = {
  enterpriseId: 'ent-pico',
  actions: ['SUBMIT_REQUEST'],
  keyId: 'k1',
  scopes: ['Agency', 'Region'],
};
const other: Who = { ...enterprise, enterpriseId: 'ent-cfg-system', keyId: 'k2' };

type Event = { readonly id: string; readonly version: number; readonly action: string };
type Page = {
  readonly nodes: readonly Event[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
};

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
});
afterAll(() => hub[Symbol.asyncDispose]());

async function read(who: Who, args: Readonly<Record<string, unknown>> = {}): Promise<Page> {
  const { data, errors } = await hub.hub.as(who).ask(
    `query ($first: Int, $after: String, $types: [WorkflowType!], $region: ID, $mine: Boolean!) {
      changes(first: $first, after: $after, types: $types, region: $region, mine: $mine) {
        nodes { type id action stage version at region { code } object { __typename id } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    { mine: false, ...args },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.changes as Page;
}

const seen = ({ nodes }: Page) => nodes.map(({ id, version, action }) => `${id} ${version} ${action}`);

/**
 * Waits until every event that is committed can be read: a transaction that other tests hold open in the same server holds
 * them back.
 */
const settled = () =>
  poll(async () => {
    const [row] = await hub.sql(`select coalesce(pg_snapshot_xmin(pg_current_snapshot()) >
      (select c.transaction from policies.changes c order by c.transaction desc limit 1), true) as is_settled`);
    return row?.is_settled === true || undefined;
  });

/** Reads all events by pages of a size, beginning at a cursor. */
async function readAll(who: Who, first: number, from?: string) {
  const events: string[] = [];
  let after = from;
  for (;;) {
    const page = await read(who, { first, after });
    events.push(...seen(page));
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return { events, after };
  }
}

const submission = { enterpriseId: 'ent-pico', kind: 'FINANCING', titleZh: '诉求', textZh: '内容。' };
const write = (who: Who, regionCode: string, more: object = {}) =>
  hub.change(who, 'submitServiceRequest', { ...submission, regionCode, ...more });
const submit = async (...given: Parameters<typeof write>) => {
  const written = await write(...given);
  await settled();
  return written;
};

describe('who sees an event', () => {
  let inLaoshan: string;
  let inChaoyang: string;
  beforeAll(async () => {
    inLaoshan = (await submit(enterprise, '370212')).id;
    await hub.change(editor, 'assignServiceRequest', { id: inLaoshan, version: 1, agencyId: 'x-handler' });
    inChaoyang = (await submit(editor, '110105', { enterpriseId: 'ent-cfg-system' })).id;
  });

  it('says what happened to which object, without content', async () => {
    const { nodes } = await read(editor, { first: 1 });
    expect(nodes).toEqual([
      {
        type: 'SERVICE_REQUEST',
        id: inLaoshan,
        action: 'SUBMIT',
        stage: 'COLLECTED',
        version: 1,
        at: expect.stringContaining(today().slice(0, 4)),
        region: { code: '370212' },
        object: { __typename: 'ServiceRequest', id: inLaoshan },
      },
    ]);
  });

  it('shows the events of an object to those who may see the object', async () => {
    const ofLaoshan = [`${inLaoshan} 1 SUBMIT`, `${inLaoshan} 2 ASSIGN`];
    const ofChaoyang = [`${inChaoyang} 1 SUBMIT`];
    expect(seen(await read(editor))).toEqual([...ofLaoshan, ...ofChaoyang]);
    expect(seen(await read(handler))).toEqual(ofLaoshan);
    expect(seen(await read(enterprise))).toEqual(ofLaoshan);
    expect(seen(await read(other))).toEqual(ofChaoyang);
    expect(seen(await read(nobody))).toEqual([]);
    // The owner reads its objects of all regions, as in their list.
    expect(seen(await read(elsewhere))).toEqual(seen(await listed(elsewhere)));
  });

  /** The events of the objects that a caller is shown in the list. */
  async function listed(who: Who): Promise<Page> {
    const { data } = await hub.hub
      .as(who)
      .ask(
        '{ serviceRequests(first: 500, filter: { id: { in: $ids } }) { nodes { id } } }'.replace(
          '$ids',
          JSON.stringify([inLaoshan, inChaoyang]),
        ),
      );
    const { nodes = [] } = (data?.serviceRequests ?? {}) as { nodes?: { id: string }[] };
    const page = await read(editor);
    return { ...page, nodes: page.nodes.filter(({ id }) => nodes.some((each) => each.id === id)) };
  }

  it('narrows by region, by type and by who is named', async () => {
    expect(seen(await read(editor, { region: '110000' }))).toEqual([`${inChaoyang} 1 SUBMIT`]);
    expect(seen(await read(editor, { types: [] }))).toEqual([]);
    expect(seen(await read(editor, { mine: true }))).toEqual([]);
    expect(seen(await read({ ...editor, agency: 'x-handler' }, { mine: true }))).toHaveLength(2);
    expect(seen(await read(other, { mine: true }))).toEqual([`${inChaoyang} 1 SUBMIT`]);
  });
});

describe('the cursor', () => {
  it('goes on where the last page ended, also behind what the caller may not see', async () => {
    const { events, after } = await readAll(editor, 1);
    expect(events).toEqual(seen(await read(editor)));
    const hidden = await read(other, { region: '370212' });
    expect(hidden.nodes).toEqual([]);
    const { id } = await submit(editor, '370212');
    expect((await readAll(editor, 10, after)).events).toEqual([`${id} 1 SUBMIT`]);
    expect((await readAll(editor, 10, hidden.pageInfo.endCursor)).events).toEqual([`${id} 1 SUBMIT`]);
  });

  it('loses no event of a transaction that commits late, and keeps the order of each object', async () => {
    const { after: start } = await readAll(editor, 100);
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) ids.push((await submit(editor, '370212')).id);
    await using late = await transactions(6);
    const written: string[] = [];
    const read: string[] = [];
    let after = start;
    // Transactions that begin in one order and write in another, with readers in between.
    for (const [at, which] of [3, 0, 5, 1, 4, 2].entries()) {
      const id = ids[at] ?? '';
      written.push(`${id} 1 SUBMIT`, `${id} 2 LATE`);
      await late.insert(which, id);
      const { id: more } = await write(editor, '370212');
      written.push(`${more} 1 SUBMIT`);
      const part = await readAll(editor, 2, after);
      read.push(...part.events);
      after = part.after;
    }
    expect(read.length).toBeLessThan(written.length);
    for (const which of [4, 1, 0, 5, 2, 3]) {
      await late.commit(which);
      const part = await readAll(editor, 2, after);
      read.push(...part.events);
      after = part.after;
    }
    await settled();
    read.push(...(await readAll(editor, 2, after)).events);
    expect(read.toSorted()).toEqual(written.toSorted());
    for (const id of ids)
      expect(read.filter((each) => each.startsWith(`${id} `)).map((each) => each.split(' ')[2])).toEqual([
        'SUBMIT',
        'LATE',
      ]);
  });

  /** Opens transactions that stay open until they are told to commit. */
  async function transactions(count: number) {
    const sql = postgres(hub.hub.database.adminUrl, { max: count, onnotice: () => {} });
    const open = await Promise.all(
      Array.from({ length: count }, async () => {
        const connection = await sql.reserve();
        await connection.unsafe('begin');
        await connection.unsafe('select pg_current_xact_id()');
        return connection;
      }),
    );
    return {
      insert: (which: number, id: string) =>
        open[which]?.unsafe(
          `insert into policies.changes (type, object_id, action, stage, version) values ('ServiceRequest', '${id}', 'LATE', 'COLLECTED', 2)`,
        ),
      commit: (which: number) => open[which]?.unsafe('commit'),
      [Symbol.asyncDispose]: async () => {
        for (const each of open) each.release();
        await sql.end();
      },
    };
  }

  it('is refused with a code when events after it were deleted', async () => {
    const { pageInfo } = await read(editor, { first: 1 });
    await hub.sql('update policies.service_requests set due_on = null');
    const { after: end } = await readAll(editor, 100);
    const sweeper = createSubgraphOf.policies({ url: hub.hub.database.urls.policies });
    await hub.sql("update policies.changes set at = now() - interval '9 days'");
    await sweeper.sweep();
    await sweeper.close();
    const question = 'query ($after: String) { changes(after: $after) { nodes { id } } }';
    const { errors } = await hub.hub.as(editor).ask(question, { after: pageInfo.endCursor });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'CURSOR_EXPIRED',
      messageZh: expect.stringContaining('保存期'),
    });
    // Who had read all of them goes on.
    const { id } = await submit(editor, '370212');
    expect((await readAll(editor, 10, end)).events).toEqual([`${id} 1 SUBMIT`]);
  });

  it('that is none is refused', async () => {
    const { errors } = await hub.hub.as(editor).ask('{ changes(after: "x") { nodes { id } } }');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

it('has every type with a workflow and a list', () => {
  const api = buildSchema(readFileSync(composedFiles.api, 'utf8'));
  const types = Object.values(api.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type.getFields().allowedActions && api.getType(`${type.name}Connection`));
  expect(Object.keys(workflowTypes).toSorted()).toEqual(types.map(({ name }) => name).toSorted());
  const named = api.getType('WorkflowType');
  const values = isEnumType(named) ? named.getValues().map(({ name }) => name) : [];
  const inCapitals = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  expect(values.toSorted()).toEqual(Object.keys(workflowTypes).map(inCapitals).toSorted());
});
