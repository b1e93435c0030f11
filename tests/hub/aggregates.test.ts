import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

it('x', async () => {
  console.log(JSON.stringify(await hub.ask(`{
    enterprises(filter: {park: {exists: true}}) { aggregates(groupBy: [{park: {field: LEVEL}}, {field: KIND}], orderBy: [{group: {park: {field: LEVEL}}}]) { group { kind related { by value } } count } }
    events { aggregates(groupBy: [{venue: {field: KIND}}, {field: YEAR}], first: 5) { group { year related { by value } } count share } }
    parks { aggregates(groupBy: [{enterprises: {field: TIER}}], first: 5) { group { related { by value } } count share floorAreaSqm {sum} } }
    works { aggregates(groupBy: [{makerEnterprise: {park: {field: LEVEL}}}], first: 5) { group { related { by value } } count share } }
  }`), null, 1).slice(0,9000));
});
