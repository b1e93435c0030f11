import { randomUUID } from 'node:crypto';
import { createReplayGuard } from '@wenshu/kit/replay-guard.ts';
import type { Caller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import { signCall, verifyCall } from '@wenshu/schema/signature.ts';
import { medianOf } from '../../support/median.ts';
import { keyRing } from '../../support/signing.ts';
import type { Table } from '../../support/table.ts';

const keys = keyRing('a');
const caller: Caller = { kind: 'department', department: 'PROPAGANDA', role: 'viewer', user: '王芳' };
const purposeOfUse: PurposeOfUse = { purpose: '年度检查', caseNumber: '2026-17' };

/** Measures signing a call in a gateway, and verifying it with its body in a subgraph, in µs of one core. */
export const signingFigures = (): Table => ({
  title: 'Signed calls: µs',
  head: ['body', 'sign', 'verify'],
  rows: [1_000, 100_000].map((bytes) => {
    const body = JSON.stringify({ query: 'x'.repeat(bytes) });
    const call = { method: 'POST', target: '/graphql', contentType: 'application/json', body };
    const headers = {
      'content-type': 'application/json',
      ...signCall(keys, 'parks', call, { caller, purposeOfUse }),
    };
    const received = Buffer.from(body);
    const takeOnce = createReplayGuard();
    const sign = () => signCall(keys, 'parks', call, { caller, purposeOfUse });
    const verify = () => {
      const signed = verifyCall(keys, 'parks', { method: 'POST', url: '/graphql', headers });
      signed.covers(received);
      takeOnce({ ...signed, nonce: randomUUID() });
    };
    return [`${bytes / 1_000} kB`, microseconds(sign), microseconds(verify)];
  }),
});

function microseconds(work: () => unknown): string {
  const count = 2_000;
  const rounds = Array.from({ length: 7 }, () => {
    const start = performance.now();
    for (let i = 0; i < count; i++) work();
    return ((performance.now() - start) * 1_000) / count;
  });
  return medianOf(rounds).toFixed(1);
}
