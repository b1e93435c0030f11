import { readConfig } from '@wenshu/gateway/config.ts';
import { standardLimits } from '@wenshu/gateway/execution/subgraph-policy.ts';
import { expect, test } from 'vitest';

test('an empty environment gives the limits that are standard', () => {
  const { subgraphLimits, subgraphHttp, requestTimeoutMs, planTimeoutMs, maxInFlight, stop } = readConfig({});
  expect(subgraphLimits).toEqual(standardLimits);
  expect({ subgraphHttp, requestTimeoutMs, planTimeoutMs, maxInFlight, stop }).toEqual({
    subgraphHttp: { connectTimeoutMs: 2_000, maxResponseBytes: 8_388_608 },
    requestTimeoutMs: 30_000,
    planTimeoutMs: 5_000,
    maxInFlight: 512,
    stop: { noticeMs: 0, graceMs: 10_000 },
  });
});

test('durations and sizes are read with their units', () => {
  const { subgraphLimits, subgraphHttp, requestTimeoutMs } = readConfig({
    SUBGRAPH_TIMEOUT: '500ms',
    REQUEST_TIMEOUT: '2m',
    SUBGRAPH_MAX_RESPONSE: '512KiB',
  });
  expect(subgraphLimits.timeoutMs).toBe(500);
  expect(requestTimeoutMs).toBe(120_000);
  expect(subgraphHttp.maxResponseBytes).toBe(524_288);
});

test.each([
  [{ SUBGRAPH_TIMEOUT: '10' }, 'SUBGRAPH_TIMEOUT must be like 500ms, 10s or 2m, not "10".'],
  [{ SUBGRAPH_MAX_RESPONSE: '32MB' }, 'SUBGRAPH_MAX_RESPONSE must be like 512KiB or 32MiB, not "32MB".'],
  [{ MAX_IN_FLIGHT: '0' }, 'MAX_IN_FLIGHT must be a whole number above 0, not "0".'],
  [{ SUBGRAPH_RETRIES: '-1' }, 'SUBGRAPH_RETRIES must be a whole number, not "-1".'],
])('%j is refused, and the rule is told', (env, problem) => {
  expect(() => readConfig(env)).toThrow(problem);
});
