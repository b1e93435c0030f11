import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

// What the sources distinguish, callers can distinguish (DOMAIN: traps in the seeds).

it('“30余家” is over 30, never 30', async () => {
  expect(
    await hub.ask(`{
      parkIndicators(filter: { id: { eq: "ind-sunhe-tenants" } }) { nodes { value approx valueAsPrinted } }
      park(id: "park-sunhe-52") { statedTenants { count approx scope } enterprises { totalCount } }
    }`),
  ).toEqual({
    data: {
      parkIndicators: { nodes: [{ value: '30', approx: 'OVER', valueAsPrinted: '30多家' }] },
      park: {
        statedTenants: { count: 30, approx: 'OVER', scope: '文化企业' },
        enterprises: { totalCount: 0 },
      },
    },
  });
});

it('a target is not a result', async () => {
  expect(
    await hub.ask(
      '{ indicators: enterpriseIndicators(filter: { kind: { eq: TARGET } }) { nodes { kind metricZh valueAsPrinted } } }',
    ),
  ).toEqual({
    data: {
      indicators: {
        nodes: [{ kind: 'TARGET', metricZh: '文化及相关产业营业收入目标', valueAsPrinted: '98亿元' }],
      },
    },
  });
});

it('growth of the absolute amount is distinct from growth on a comparable basis', async () => {
  expect(
    await hub.ask(`{
      indicators(filter: { id: { in: ["ind-cy-above-scale-revenue-2024m5", "ind-hr-above-scale-revenue-2018"] } }) {
        nodes { growth { value kind noteZh } }
      }
    }`),
  ).toMatchObject({
    data: {
      indicators: {
        nodes: [
          { growth: { value: '2', kind: 'YOY_ABSOLUTE_AMOUNT', noteZh: '绝对量较上年同期提高' } },
          expect.anything(),
        ],
      },
    },
  });
});

it('several printed figures for one thing stay several', async () => {
  expect(
    await hub.ask(`{
      indicators(filter: { subjectId: { eq: "370214" }, metric: { eq: "KEY_PROJECTS" } }) { nodes { valueAsPrinted } }
    }`),
  ).toEqual({
    data: {
      indicators: {
        nodes: [{ valueAsPrinted: '27个' }, { valueAsPrinted: '23个' }, { valueAsPrinted: '33个' }],
      },
    },
  });
});

it('a region that is only the context of a report is marked so', async () => {
  expect(
    await hub.ask(`{
      context: enterprises(filter: { regionBasis: { eq: CONTEXT } }) { totalCount }
      stated: enterprises(filter: { regionBasis: { eq: STATED } }) { totalCount }
      none: enterprises(filter: { regionBasis: { isNull: true } }) { nodes { region { code } } }
    }`),
  ).toEqual({
    data: {
      context: { totalCount: 39 },
      stated: { totalCount: 8 },
      none: { nodes: [{ region: null }, { region: null }] },
    },
  });
});

it('a draft is not a policy in force', async () => {
  expect(
    await hub.ask(`{
      policies(filter: { status: { eq: DRAFT_FOR_COMMENT } }) { nodes { id } }
      park(id: "park-qd-5g-av") {
        inForce: policyMatches { totalCount }
        withDrafts: policyMatches(includeDrafts: true) { nodes { policy { id status } verdict } }
      }
    }`),
  ).toEqual({
    data: {
      policies: { nodes: [{ id: 'pol-zj-av-base-measures' }] },
      park: {
        inForce: { totalCount: 0 },
        withDrafts: {
          nodes: [
            { policy: { id: 'pol-zj-av-base-measures', status: 'DRAFT_FOR_COMMENT' }, verdict: 'NOT_MET' },
          ],
        },
      },
    },
  });
});

it('clauses that no source gives are null, not an empty list', async () => {
  expect(
    await hub.ask(
      '{ policy(id: "pol-huaiying-ten") { measures { id } eligibility { id } issuers { __typename } docNo issuedOn } }',
    ),
  ).toEqual({
    data: { policy: { measures: null, eligibility: null, issuers: null, docNo: null, issuedOn: null } },
  });
});

it('a list that is an annex missing from the source leaves its condition unknown', async () => {
  const { data } = await hub.ask(`{
    enterprise(id: "ent-pico") {
      policyMatches(policyId: "pol-wh-express") {
        nodes { policy { id } conditions(verdict: [UNKNOWN]) { field verdict reason missing { nameZh owner } } }
      }
    }
  }`);
  expect(data).toMatchObject({
    enterprise: {
      policyMatches: {
        nodes: [
          {
            policy: { id: 'pol-wh-express' },
            conditions: expect.arrayContaining([
              {
                field: 'enterprise.onList',
                verdict: 'UNKNOWN',
                reason:
                  'The list "First list of key digital creative enterprises of the municipal Service Express" is not completely on record, so it is unknown if it is on it. It is for the publicity department of the Party committee to say.',
                missing: { nameZh: '名单', owner: 'PROPAGANDA' },
              },
            ]),
          },
        ],
      },
    },
  });
});

it('figures of a sidebar stay out of lists and counts unless they are asked for', async () => {
  expect(
    await hub.ask(`{
      region(code: "350128") {
        shown: enterpriseIndicators { totalCount }
        all: enterpriseIndicators(includeSidebar: true) { totalCount nodes { isSidebar citations { isSidebar } } }
      }
    }`),
  ).toEqual({
    data: {
      region: {
        shown: { totalCount: 0 },
        all: {
          totalCount: 2,
          nodes: [
            { isSidebar: true, citations: [{ isSidebar: true }] },
            { isSidebar: true, citations: [{ isSidebar: true }] },
          ],
        },
      },
    },
  });
});
