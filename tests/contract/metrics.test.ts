import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startInProcess } from '../support/federation.ts';

it('every metric of a gateway is documented, and every documented metric exists', async () => {
  const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `(wenshu_\w+)`/gm)].map(([, name]) => name);
  await using hub = await startInProcess({ parks: { sdl: 'type Query { name: String }' } });
  const metrics = await (await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } })).text();
  const served = [...metrics.matchAll(/^# TYPE (wenshu_\w+)/gm)].map(([, name]) => name);
  expect(documented.toSorted()).toEqual(served.toSorted());
});
