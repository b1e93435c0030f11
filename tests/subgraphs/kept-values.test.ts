import type { Database } from '@wenshu/kit/database.ts';
import { KeptValues } from '@wenshu/kit/kept-values.ts';
import { beforeEach, expect, it } from 'vitest';

// Every request for the coverage of a region read the registers of parks and enterprises whole on 6e49a15.

let state = 0;
const db = { $client: { unsafe: async () => [{ state: String(state) }] } } as unknown as Database;

let kept: KeptValues;
let reads: { readonly end: (value: number) => void; readonly fail: (cause: Error) => void }[];
beforeEach(() => {
  kept = new KeptValues();
  reads = [];
});

const get = (snapshot?: string) =>
  kept.get({ db, ...(snapshot !== undefined && { snapshot }) }, 'parks', () => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    reads.push({ end: resolve, fail: reject });
    return promise;
  });

/** Waits until as many reads have begun. */
async function begun(count: number) {
  while (reads.length < count) await new Promise(setImmediate);
}

it('reads a value once for each state of the database', async () => {
  const first = get();
  await begun(1);
  const meanwhile = get();
  reads[0]?.end(8);
  expect([await first, await meanwhile, await get()]).toEqual([8, 8, 8]);
  expect(reads).toHaveLength(1);
  state++;
  const next = get();
  await begun(2);
  reads[1]?.end(9);
  expect(await next).toBe(9);
});

it('reads one at a time: all who come after a change share the next one, which sees what was written before they came', async () => {
  const first = get();
  await begun(1);
  state++;
  const later = Array.from({ length: 50 }, () => get());
  reads[0]?.end(1);
  expect(await first).toBe(1);
  await begun(2);
  reads[1]?.end(2);
  expect(new Set(await Promise.all(later))).toEqual(new Set([2]));
  expect(reads).toHaveLength(2);
});

it('reads again for the others when the caller of a read leaves', async () => {
  const gone = get();
  await begun(1);
  const other = get();
  reads[0]?.fail(new Error('It left.'));
  await expect(gone).rejects.toThrow('It left.');
  await begun(2);
  reads[1]?.end(3);
  expect(await other).toBe(3);
});

it('keeps nothing for who reads in a snapshot of its own', async () => {
  const one = get('export');
  await begun(1);
  const two = get('export');
  await begun(2);
  reads[0]?.end(1);
  reads[1]?.end(2);
  expect([await one, await two]).toEqual([1, 2]);
});
