import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('the first query of the README gets the answer that the README shows', async () => {
  const [, body = ''] = /^curl .* -d '(\{.*\})'/m.exec(readme) ?? [];
  const [, answer = ''] = /```json\n(.*?)\n```/s.exec(readme) ?? [];
  await using hub = await startHub();
  expect(await hub.ask(JSON.parse(body).query)).toEqual(JSON.parse(answer));
});
