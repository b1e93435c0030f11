import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const before: TestSubgraph = {
  sdl: `type Query { park: Park! } type Park @key(fields: "id") { id: ID! name: String }`,
  resolvers: { Query: { park: () => ({ id: 'p1', name: 'old' }) } },
};

const after = (override: string): TestSubgraph => ({
  sdl: `type Park @key(fields: "id") { id: ID! name: String ${override} }`,
  resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'new' }) } },
});

describeBothWays((start) => {
  test('an overridden field comes from its new subgraph', async () => {
    await using hub = await start({ before, after: after('@override(from: "before")') });
    expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name: 'new' } } });
  });

  test('a label moves a field for the requests it applies to', async () => {
    let isMoved = false;
    await using hub = await start(
      { before, after: after('@override(from: "before", label: "moved")') },
      { isLabelActive: (label) => label === 'moved' && isMoved },
    );
    expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name: 'old' } } });
    isMoved = true;
    expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name: 'new' } } });
  });

  test.each([
    [0, 'old'],
    [100, 'new'],
  ])('a label of %i percent answers %s', async (percent, name) => {
    await using hub = await start({
      before,
      after: after(`@override(from: "before", label: "percent(${percent})")`),
    });
    expect(await hub.ask('{ park { name } }')).toEqual({ data: { park: { name } } });
  });
});
