import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSubgraph, type TestSubgraph } from '../support/subgraph.ts';

let enterprises: TestSubgraph;
beforeAll(async () => {
  enterprises = await startSubgraph('enterprises', enterprisesSubgraph);
});
afterAll(() => enterprises[Symbol.asyncDispose]());

it('x', async () => {
  console.log(JSON.stringify(await enterprises.ask(`{
    enterprises { aggregates(groupBy: [{field: REGION_PROVINCE}, {field: TIER}], having: {count: {gt: 1}}, orderBy: [{count: DESC}], first: 5) { group { regionProvince { nameZh } tier } count share groupCount growth { value } registeredCapital { count sum avg min max share growth { value}} foundedOn {min max} } }
    indicators { aggregates(groupBy: [{field: PERIOD_END_YEAR, direction: DESC}, {field: METRIC}], orderBy: [{value: {growth: DESC}}], first: 8) { group { periodEndYear metric } count growth { value kind } value { sum avg share growth { value }} } }
    region(code: "110000") { children { nameZh enterprises { aggregates(groupBy: [{field: KIND}]) { group { kind } count share } } } }
  }`), null, 1).slice(0,6000));
  for (const s of enterprises.statements) console.log(s.replace(/\s+/g,' '));
});
