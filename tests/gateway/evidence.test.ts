import { memberFolders } from '@wenshu/gateway/cli/member-folders.ts';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import type { Subgraph } from '@wenshu/gateway/upstream/subgraph.ts';
import { createSubgraph } from '@wenshu/kit/subgraph.ts';
import { compose } from '@wenshu/schema/compose.ts';
import type { Evidence } from '@wenshu/schema/evidence.ts';
import { sharingSdl } from '@wenshu/schema/sharing.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { expect, it, test } from 'vitest';
import { serve } from '../support/federation.ts';
import { keyRing } from '../support/signing.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@external", "@requires"])`;

const registers = `
  type Query @sharing(class: UNCONDITIONAL, owner: MARKET_REGULATION) { firm(id: ID!): Firm firms(after: String): [Firm!] }
  type Firm @sharing(class: CONDITIONAL, owner: MARKET_REGULATION) { id: ID! version: Int kind: String penalties: [Penalty!] }
  type Penalty @sharing(class: CONDITIONAL, owner: MARKET_REGULATION) { amount: Int }`;

const standing = `@standing(needs: "firm { id version kind penalties { amount } }", basis: "部门间约定。", purpose: "兑付。")`;
const query = 'query ($firmId: ID!) { firm(id: $firmId) { id version kind penalties { amount } } }';

const payouts = (evidence = query, agreement = standing) => `
  type Query @sharing(class: UNCONDITIONAL, owner: FINANCE) { paid: Int }
  type Mutation {
    pay(input: PayInput!): Paid @writable(roles: [editor], evidence: "${evidence}") ${agreement}
    note: Paid @writable(roles: [editor])
  }
  input PayInput { key: ID! firmId: ID! after: String }
  type Paid @sharing(class: UNCONDITIONAL, owner: FINANCE) { isPaid: Boolean }`;

const composing = (own: string) =>
  compose(
    Object.entries({ registers, payouts: own }).map(([name, sdl]) => ({
      name,
      url: `http://${name}.test`,
      sdl: `${link} ${sharingSdl} ${sdl}`,
    })),
  ).supergraph;

it.each([
  ['query ($firmId: ID!) { firm(id: $firmId) { owner } }', 'Cannot query field "owner" on type "Firm".'],
  ['query ($id: ID!) { firm(id: $id) { kind } }', 'the variable $id, but its input has no member of that'],
  ['query ($after: Int) { firms { id } }', 'takes $after as Int, but that member of its input is String'],
  ['mutation { note { isPaid } }', 'The evidence of Mutation.pay must be one query'],
])('refuses evidence that cannot be asked for: %s', (evidence, problem) => {
  expect(() => composing(payouts(evidence))).toThrow(problem);
});

it('refuses facts of another department without a standing agreement', () => {
  expect(() => composing(payouts(query, ''))).toThrow(
    'Mutation.pay of FINANCE rests on Firm.kind of MARKET_REGULATION without a standing agreement',
  );
});

const firm = { id: 'f1', version: 7, kind: 'FILM', penalties: [{ amount: 5 }, { amount: 8 }] };

/** Starts a gateway whose payouts keep the evidence of each call. */
async function start(findFirm: (id: string) => unknown = () => firm, supergraphSdl = composing(payouts())) {
  const taken: (Evidence | undefined)[] = [];
  const isPaid = () => ({ isPaid: true });
  const unclassed = (sdl: string) => sdl.replace(/@(sharing|writable|standing)\([^)]*\)/g, '');
  const served = serve({
    registers: { sdl: unclassed(registers), resolvers: { Query: { firm: (_, { id }) => findFirm(id) } } },
    payouts: { sdl: unclassed(payouts('', '')), resolvers: { Mutation: { pay: isPaid, note: isPaid } } },
  });
  const payoutsIn = served.get('payouts');
  const answerPayouts: Subgraph = async (request, context) => {
    if (request.kind === 'mutation') taken.push(request.evidence);
    return payoutsIn ? payoutsIn(request, context) : {};
  };
  const gateway = await createGateway({
    supergraphSdl,
    subgraphs: (name) => (name === 'payouts' ? answerPayouts : served.get(name)),
  });
  const { url } = await gateway.listen(0, '127.0.0.1');
  return {
    taken,
    async ask(text: string, extensions?: object) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ query: text, extensions }),
      });
      return response.json();
    },
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}

const pay = 'mutation { pay(input: { key: "k", firmId: "f1" }) { isPaid } }';

it('asks for the facts of a change, and hands them to the agency with coordinate, id and version', async () => {
  await using hub = await start();
  expect(await hub.ask(pay)).toEqual({ data: { pay: { isPaid: true } } });
  const row = { id: 'f1', version: 7 };
  expect(hub.taken).toEqual([
    {
      at: expect.stringMatching(/^\d{4}-/),
      data: { firm },
      facts: [
        { coordinate: 'Firm.id', ...row, value: 'f1' },
        { coordinate: 'Firm.version', ...row, value: 7 },
        { coordinate: 'Firm.kind', ...row, value: 'FILM' },
        { coordinate: 'Penalty.amount', value: 5 },
        { coordinate: 'Penalty.amount', value: 8 },
      ],
      missing: [],
    },
  ]);
});

it('says which fact is missing, and whose it is', async () => {
  await using hub = await start(() => ({ ...firm, kind: () => Promise.reject(new Error('down')) }));
  await hub.ask(pay);
  expect(hub.taken).toMatchObject([
    { data: null, facts: [], missing: [{ coordinate: 'Firm.kind', owner: 'MARKET_REGULATION' }] },
  ]);
});

it('does not ask for what no standing agreement of the supergraph covers', async () => {
  let asked = 0;
  const narrow = composing(payouts()).replace(
    'kind penalties { amount } }", basis',
    'penalties { amount } }", basis',
  );
  await using hub = await start(() => ++asked, narrow);
  await hub.ask(pay);
  expect(hub.taken).toMatchObject([{ missing: [{ coordinate: 'Firm.kind', owner: 'MARKET_REGULATION' }] }]);
  expect(asked).toBe(0);
});

it('takes no larger answer than a change may rest on', async () => {
  await using hub = await start(() => ({ ...firm, kind: 'x'.repeat(1024 ** 2) }));
  await hub.ask(pay);
  expect(hub.taken[0]).toMatchObject({
    facts: [],
    missing: expect.arrayContaining([expect.objectContaining({ coordinate: 'Firm.kind' })]),
  });
});

it('takes no evidence from a caller, and none for another change', async () => {
  await using hub = await start();
  await hub.ask('mutation { note { isPaid } }', { evidence: { at: '', data: { firm: { kind: 'GAME' } } } });
  expect(hub.taken).toEqual([undefined]);
});

it('refuses a change with evidence beside another one', async () => {
  await using hub = await start();
  expect(
    await hub.ask(`mutation { note { isPaid } pay(input: { key: "k", firmId: "f1" }) { isPaid } }`),
  ).toMatchObject({
    errors: [
      {
        message: 'pay rests on facts of other departments. Ask for it alone.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
  expect(hub.taken).toEqual([]);
});

test('evidence goes signed over HTTP, and an unsigned one is not taken', async () => {
  const seen: unknown[] = [];
  const park = (_root: unknown, _args: unknown, { evidence }: { evidence?: Evidence }) => {
    seen.push(evidence);
    return null;
  };
  const open = (keys?: ReturnType<typeof keyRing>) =>
    createSubgraph(
      readMember('parks', memberFolders.parks),
      { shared: { resolvers: {} }, own: { Query: { park } } },
      { url: 'postgres://nobody:secret@127.0.0.1:1/none', keys },
    );
  const evidence: Evidence = { at: '2026-11-30T00:00:00Z', data: {}, facts: [], missing: [] };
  const signed = open(keyRing('a'));
  const text = '{ park(id: "p") { id } }';
  const call = createHttpSubgraph('parks', await signed.listen(0), { keys: keyRing('a') });
  await call({ kind: 'mutation', query: text, evidence }, { requestId: 'r', headers: new Map() });
  const unsigned = open();
  await fetch(await unsigned.listen(0), {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query: text, extensions: { evidence } }),
  });
  await signed.execute({ query: text, evidence });
  expect(seen).toEqual([evidence, undefined, evidence]);
  await Promise.all([call.close?.(), signed.close(), unsigned.close()]);
});
