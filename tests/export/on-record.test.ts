import { expect, test } from 'vitest';
import { createAudit } from '../support/audit.ts';
import { exportFrom } from '../support/export.ts';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';

const list =
  'rows(first: Int, after: String): RowConnection @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])';
const failing: TestSubgraph = {
  sdl: `
    type Query { holder: Holder ${list} }
    type Holder { id: ID! ${list} }
    type RowConnection { nodes: [Row!]! pageInfo: PageInfo! totalCount: Int }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Row @key(fields: "id") { id: ID! text: String! }
  `,
  resolvers: {
    Query: { holder: () => ({ id: 'h' }), rows: () => null },
    Holder: {
      rows: () => {
        throw new Error('boom');
      },
    },
  },
};
const fieldAccesses = () => [
  { coordinate: 'Row.text', class: 'CONDITIONAL' as const, owner: 'CULTURE_TOURISM' as const },
];
const holderRows = 'query Rows { holder { id rows { nodes { id text } } } }';

async function recordOf(query: string, more: object = {}) {
  await using audit = await createAudit();
  const log = await audit.open();
  await using hub = await startInProcess({ rows: failing }, { audit: log, fieldAccesses, ...more });
  await exportFrom(hub.url, { query }, { 'x-request-id': 'e1' });
  const find = async () =>
    (await audit.records()).find((each) => 'requestId' in each && each.requestId === 'e1');
  const found = await poll(find);
  await log.close();
  return found;
}

// Holds on e0e9d28.
test('an export that is refused for its cost is on record with its operation', async () => {
  const found = await recordOf('query Rows { rows { nodes { id text } } }', {
    admission: {
      queryLimits: {
        depth: 99,
        aliases: 9,
        rootFields: 9,
        fields: 999,
        tokens: 999,
        variableDepth: 9,
        conditions: 9,
        cost: 1,
      },
    },
  });
  expect(found).toMatchObject({
    decision: 'refused',
    errorCodes: ['QUERY_TOO_COSTLY'],
    operation: { name: 'Rows' },
  });
});

// Holds on e0e9d28: nothing of it left.
test('an export that has no first page is on record as one that read nothing', async () => {
  expect(await recordOf(holderRows)).toMatchObject({ decision: 'failed', fields: [] });
});

// Holds on e0e9d28: 500.
test('an export that has no first page says why, also where nothing can be put on record', async () => {
  const { AuditUnavailable } = await import('@wenshu/gateway/audit/group-commit.ts');
  const audit = {
    append: () => Promise.reject(new AuditUnavailable('x')),
    note: () => true,
    countRefusal: () => {},
    space: { bytes: undefined, isLow: false },
    outage: undefined,
    close: async () => {},
  };
  await using hub = await startInProcess({ rows: failing }, { audit, fieldAccesses } as never);
  const { status, text } = await exportFrom(hub.url, { query: holderRows });
  expect(text).not.toContain('AUDIT_UNAVAILABLE');
  expect(status).toBe(500);
});
