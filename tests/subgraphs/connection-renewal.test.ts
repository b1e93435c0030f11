import { parksSubgraph } from '@wenshu/parks/server.ts';
import { expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';

// Statements of one call share a connection; the one that fills its room for prepared texts must not end it under the others.
test('a connection that makes way for a new one loses no statement', async () => {
  await using database = await createDatabase();
  const subgraph = parksSubgraph({ url: database.urls.parks, maxConnections: 1 });
  let n = 0;
  let failed = 0;
  try {
    for (let call = 0; call < 24; call++) {
      const fields = Array.from({ length: 8 }, (_, i) => {
        const or = Array.from(
          { length: 10 },
          (_, k) => `{ ${((n >> k) & 1) === 1 ? 'nameZh' : 'nameEn'}: { contains: "x" } }`,
        );
        n++;
        return `a${i}: parks(first: 1, filter: { or: [${or.join(', ')}] }) { nodes { id } }`;
      });
      const { errors } = await subgraph.execute({ query: `{ ${fields.join('\n')} }`, variables: {} });
      failed += errors?.length ?? 0;
    }
    expect(failed).toBe(0);
  } finally {
    await subgraph.close();
  }
}, 60_000);
