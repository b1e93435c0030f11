import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { paste } from '../support/paste.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('the first query of the README gets the answer that the README shows', async () => {
  const [command = ''] = /^curl .*?-d '\{.*\}'$/ms.exec(readme) ?? [];
  const [, answer = ''] = /```json\n(.*?)\n```/s.exec(readme) ?? [];
  await using data = await createDataFolder();
  await using database = await createDatabase();
  const env = { WENSHU_DATA: data.path, DATABASE_URL: database.adminUrl };
  await using hub = runCli(['start'], env);
  const address = await hub.printed(/http:\S+\/graphql/);
  expect(await paste(command, env, address)).toEqual(JSON.parse(answer));
}, 60_000);
