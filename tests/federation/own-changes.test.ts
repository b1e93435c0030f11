import type { Verify } from '@wenshu/gateway/admission/authenticate.ts';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import type { Role } from '@wenshu/schema/caller.ts';
import { expect, it } from 'vitest';
import { serve, supergraphOf, type TestSubgraph } from '../support/federation.ts';
import { gate } from '../support/gate.ts';
import { poll } from '../support/poll.ts';

const caller: Verify = async ({ headers }) => {
  const role = headers.get('x-role') as Role | undefined;
  return role && { kind: 'department', department: 'PROPAGANDA', role, user: 'li' };
};

/** Subgraphs whose reads are slow until the gate opens: a read answers what was there when it began. */
function slowParks(opened: Promise<void>) {
  let name = 'old';
  const calls: string[] = [];
  const read = async () => {
    const found = name;
    calls.push(found);
    if (found === 'old') await opened;
    return found;
  };
  const parks: TestSubgraph = {
    sdl: `type Query { park: Park } type Mutation { rename(name: String!): Park }
      type Park @key(fields: "id") { id: ID! name: String }`,
    resolvers: {
      Query: { park: async () => ({ id: 'p', name: await read() }) },
      Mutation: {
        rename: (_: unknown, asked: { name: string }) => {
          name = asked.name;
          return { id: 'p', name };
        },
      },
    },
  };
  const events: TestSubgraph = {
    sdl: 'type Query { event: Int } type Park @key(fields: "id") { id: ID! host: String }',
    resolvers: {
      Park: { __resolveReference: async ({ id }: { id: string }) => ({ id, host: await read() }) },
    },
  };
  return { calls, subgraphs: { parks, events } };
}

async function startGateway(subgraphs: Readonly<Record<string, TestSubgraph>>, isOpen = false) {
  const served = serve(subgraphs);
  const gateway = await createGateway({
    supergraphSdl: supergraphOf(subgraphs),
    subgraphs: (name) => served.get(name),
    ...(!isOpen && { access: { others: [caller] } }),
  });
  const { url } = await gateway.listen(0, '127.0.0.1');
  return {
    async ask(query: string, role?: Role) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close', ...(role && { 'x-role': role }) },
        body: JSON.stringify({ query }),
      });
      return (await response.json()).data;
    },
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}

const read = '{ park { name host } }';
const rename = 'mutation { rename(name: "new") { id } }';
const changed = { park: { name: 'new', host: 'new' } };

it('who changed something reads it at each gateway, also while the same question from before is under way', async () => {
  const { opened, open } = gate();
  const { calls, subgraphs } = slowParks(opened);
  await using one = await startGateway(subgraphs);
  await using other = await startGateway(subgraphs);
  const before = [one.ask(read, 'editor'), other.ask(read, 'editor')];
  await poll(() => calls.length === 2 || undefined);
  await one.ask(rename, 'editor');
  expect(await one.ask(read, 'editor')).toEqual(changed);
  expect(await other.ask(read, 'editor')).toEqual(changed);
  open();
  await Promise.all(before);
});

it('where everybody may change, nobody joins a question from before a change', async () => {
  const { opened, open } = gate();
  const { calls, subgraphs } = slowParks(opened);
  await using hub = await startGateway(subgraphs, true);
  const before = hub.ask(read);
  await poll(() => calls.length === 1 || undefined);
  await hub.ask(rename);
  expect(await hub.ask(read)).toEqual(changed);
  open();
  await before;
});
