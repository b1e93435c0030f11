import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { expect, it } from 'vitest';

const grant = (agreementId: string, endsAt: number): Grant => ({
  agreementId,
  fields: ['Park.tenants'],
  purpose: '园区服务',
  endsAt,
});
const granted = (...grants: Grant[]) => new Map<Department, Grant[]>([['PROPAGANDA', grants]]);

it('gives a department its own grants and nobody else’s, each until its end', () => {
  const agreements = keepAgreements(() => 0);
  agreements.replace(granted(grant('a', 100), grant('b', 200)));
  const idsAt = (at: number) => agreements.activeFor('PROPAGANDA', at).map(({ agreementId }) => agreementId);
  expect([idsAt(99), idsAt(100), idsAt(200)]).toEqual([['a', 'b'], ['b'], []]);
  expect(agreements.activeFor('FINANCE', 0)).toEqual([]);
});

it('has another version when the grants are others or one ends, and no other when they are read again', () => {
  let now = 0;
  const agreements = keepAgreements(() => now);
  const versions = [agreements.version];
  for (const grants of [granted(grant('a', 100)), granted(grant('a', 100)), granted(grant('a', 150))]) {
    agreements.replace(grants);
    versions.push(agreements.version);
  }
  now = 150;
  versions.push(agreements.version, agreements.version);
  expect(versions).toEqual([0, 1, 1, 2, 3, 3]);
});
