import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

const folder = new URL('../../gateway/examples/', import.meta.url);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(readdirSync(folder))('answers the example %s as it stands', async (file) => {
  const { data, errors } = await hub.ask(readFileSync(new URL(file, folder), 'utf8'));
  expect(errors).toBeUndefined();
  expect(Object.values(data ?? {})).not.toContain(null);
});
