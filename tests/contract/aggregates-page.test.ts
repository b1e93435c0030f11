import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';

const page = readFileSync(new URL('../../docs/aggregates.md', import.meta.url), 'utf8');

it('the examples of the page on aggregates get the answers that it shows', async () => {
  await using hub = await startHub();
  const examples = [...page.matchAll(/```graphql\n(.*?)```\n\n```json\n(.*?)```/gs)];
  expect(examples).toHaveLength(4);
  for (const [, question = '', answer = ''] of examples) {
    expect(await hub.ask(question)).toEqual(JSON.parse(answer));
  }
});
