import { inspect } from 'node:util';
import { settings as admissionSettings } from '@wenshu/gateway/admission/settings.ts';
import { ConfigError } from '@wenshu/gateway/lib/config-error.ts';
import { defaultsOf } from '@wenshu/gateway/lib/setting.ts';
import { readConfig } from '@wenshu/gateway/process/config.ts';
import { standardLimits } from '@wenshu/gateway/upstream/policy.ts';
import { expect, test } from 'vitest';
import { keyText } from '../support/signing.ts';

test('an empty environment gives the limits that are standard', () => {
  const config = readConfig({});
  const { subgraphLimits, subgraphHttp, requestTimeoutMs, planTimeoutMs, maxInFlight, stop } = config;
  const { receiveTimeoutMs, operationsKept } = config;
  expect({ receiveTimeoutMs, operationsKept }).toEqual({ receiveTimeoutMs: 15_000, operationsKept: 1_000 });
  expect(subgraphLimits).toEqual(standardLimits);
  expect({ subgraphHttp, requestTimeoutMs, planTimeoutMs, maxInFlight, stop }).toEqual({
    subgraphHttp: { connectTimeoutMs: 2_000, maxResponseBytes: 8_388_608 },
    requestTimeoutMs: 30_000,
    planTimeoutMs: 5_000,
    maxInFlight: 512,
    stop: { noticeMs: 0, graceMs: 10_000 },
  });
});

test('an empty environment lets in what is standard', () => {
  const { admission, maxBodyBytes, documentsPath } = readConfig({});
  expect({ admission, maxBodyBytes, documentsPath }).toEqual({
    admission: defaultsOf(admissionSettings.requestLimits),
    maxBodyBytes: 262_144,
    documentsPath: undefined,
  });
});

test('usage is counted in Redis rather than in Postgres', () => {
  const both = { REDIS_URL: 'redis://h:6379', USAGE_DATABASE_URL: 'postgres://u:p@h/d' };
  expect(readConfig(both).admission.rateStore).toEqual({ kind: 'redis', url: both.REDIS_URL });
  expect(readConfig({ ...both, REDIS_URL: '' }).admission.rateStore).toEqual({
    kind: 'postgres',
    url: both.USAGE_DATABASE_URL,
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
  [
    { SUBGRAPH_TLS_CERT: 'c.pem', SUBGRAPH_TLS_KEY: 'k.pem' },
    'SUBGRAPH_TLS_CERT, SUBGRAPH_TLS_KEY, SUBGRAPH_TLS_CA must be set together, or none of them.',
  ],
  [{ DOCUMENT_MODE: 'any' }, 'DOCUMENT_MODE must be one of log, allow-list, ids, not "any".'],
  [{ REDIS_URL: 'http://:secret@h' }, 'REDIS_URL must be like redis://user:password@host:6379/0.'],
  [{ PARTNER_RATE: '1e9' }, 'PARTNER_RATE must be a whole number of at most 9 digits, not "1e9".'],
  [{ SUBGRAPH_RETRIES: '-1' }, 'SUBGRAPH_RETRIES must be a whole number, not "-1".'],
])('%j is refused with the rule', (env, problem) => {
  expect(() => readConfig(env)).toThrow(problem);
});

test.each([
  ['a secret of 31 characters', `a:${'x'.repeat(31)}`],
  ['no id', 'x'.repeat(64)],
  ['one id twice', `${keyText('a')},${keyText('a')}`],
  ['an empty place', `${keyText('a')},`],
  ['a space', `a:${'x '.repeat(32)}`],
])('keys with %s are refused, and the message has no secret', (_, SUBGRAPH_KEYS) => {
  expect(() => readConfig({ SUBGRAPH_KEYS })).toThrow(
    new ConfigError([
      'SUBGRAPH_KEYS must be like id:secret or id:secret,id:secret, each id another and each secret of at least 32 characters of ASCII.',
    ]),
  );
});

test('a subgraph has the keys of all, or its own', () => {
  const { keysOf } = readConfig({
    SUBGRAPH_KEYS: `${keyText('b')},${keyText('a')}`,
    PARKS_KEYS: keyText('p'),
  });
  const ids = (subgraph: string) => keysOf(subgraph)?.map(({ id }) => id);
  expect(ids('party')).toEqual(['b', 'a']);
  expect(ids('parks')).toEqual(['p']);
  expect(readConfig({}).keysOf('parks')).toBeUndefined();
});

test('what is read of the keys shows no secret', () => {
  const { keysOf } = readConfig({ SUBGRAPH_KEYS: keyText('a') });
  expect(JSON.stringify(keysOf('parks')) + inspect(keysOf('parks'), { depth: 9 })).not.toContain('secret-of');
});
