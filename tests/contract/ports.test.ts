import { memberAddress, subgraphPorts } from '@wenshu/schema/addresses.ts';
import { expect, test } from 'vitest';

test('a subgraph keeps its port whatever subgraphs there are besides', () => {
  expect(subgraphPorts).toEqual({
    enterprises: 4001,
    events: 4002,
    parks: 4003,
    party: 4004,
    policies: 4005,
  });
  expect(memberAddress('party')).toBe('http://localhost:4004/graphql');
});

test('no two subgraphs share a port', () => {
  const ports = Object.values(subgraphPorts);
  expect(new Set(ports).size).toBe(ports.length);
});
