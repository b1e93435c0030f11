import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';

const right = {
  parks: {
    totalCount: 2,
    nodes: [
      { id: 'p1', partyUnits: [{ id: 'u1' }], events: { totalCount: 1 } },
      { id: 'p2', partyUnits: [{ id: 'u2' }], events: { totalCount: 0 } },
    ],
  },
};

const nodes = (...changes: readonly object[]) => ({
  parks: { ...right.parks, nodes: right.parks.nodes.map((node, index) => ({ ...node, ...changes[index] })) },
});

const failure = (subgraph: string, ...path: (string | number)[]) => ({
  message: `Subgraph "${subgraph}" cannot be reached.`,
  path,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph },
});

const ofParty = (index: number) => failure('party', 'parks', 'nodes', index, 'partyUnits');
const party = new Set(['party'] as const);

describe('judge', () => {
  it('takes the right answer for whole', () => {
    expect(judge(right, { data: right }, new Set())).toEqual({ kind: 'whole' });
  });

  it('takes null with its reason for partial', () => {
    const answer = { data: nodes({ partyUnits: null }), errors: [ofParty(0)] };
    expect(judge(right, answer, party)).toEqual({ kind: 'partial' });
  });

  it('accepts a null that has propagated from below', () => {
    const errors = [failure('events', 'parks', 'nodes', 0, 'events', 'totalCount')];
    expect(judge(right, { data: nodes({ events: null }), errors }, new Set(['events']))).toEqual({
      kind: 'partial',
    });
  });

  it('reports a field that is missing although its subgraph works', () => {
    const errors = [failure('events', 'parks', 'nodes', 1, 'events')];
    expect(judge(right, { data: nodes({}, { events: null }), errors }, party)).toMatchObject({
      kind: 'lost',
    });
    expect(judge(right, { data: nodes({}, { events: null }) }, party)).toMatchObject({ kind: 'lost' });
  });

  it.each([
    ['data of another row', { data: nodes({ partyUnits: [{ id: 'u2' }] }, { partyUnits: [{ id: 'u1' }] }) }],
    ['an empty list in place of null', { data: nodes({ partyUnits: [] }), errors: [ofParty(0)] }],
    ['a null without a reason', { data: nodes({ partyUnits: null }) }],
    ['a reason at another row', { data: nodes({ partyUnits: null }), errors: [ofParty(1)] }],
    ['a reason at a field that is there', { data: right, errors: [ofParty(0)] }],
    ['a field that is left out', { data: nodes({ partyUnits: undefined }) }],
    [
      'the blame on another subgraph',
      {
        data: nodes({ partyUnits: null }),
        errors: [{ ...ofParty(0), extensions: { code: 'SUBGRAPH_TIMEOUT', subgraph: 'events' } }],
      },
    ],
    [
      'another code',
      {
        data: nodes({ partyUnits: null }),
        errors: [{ ...ofParty(0), extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'party' } }],
      },
    ],
    ['no GraphQL', 'Bad gateway'],
  ])('takes %s for wrong', (_, answer) => {
    expect(judge(right, answer, party)).toMatchObject({ kind: 'wrong' });
  });
});
