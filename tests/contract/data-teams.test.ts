import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cli, runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { type Printed, runScript } from '../support/shell.ts';

const page = readFileSync(new URL('../../docs/export.md', import.meta.url), 'utf8');
const [, section = ''] = /^## A first table\n(.*?)\n## /ms.exec(page) ?? [];
const [setUp = '', lines = '', options = ''] = [...section.matchAll(/```sh\n(.*?)\n```/gs)].map(
  ([, block]) => block,
);

/**
 * Finds `wenshu` as in a checkout. It is a function, because the folder of the test may allow no programs: then the shell would find the
 * real npx, which asks the registry for a package of this name.
 */
const wenshu = fileURLToPath(new URL('../../gateway/cli/wenshu.mjs', import.meta.url));
const npx = `npx() { shift; "${process.execPath}" "${wenshu}" "$@"; }`;

/** What tells that the tool of a line is at hand. */
const tools: Readonly<Record<string, string>> = {
  jq: 'jq --version',
  duckdb: 'duckdb --version',
  pandas: "python3 -c 'import pandas'",
  curl: 'curl --version',
};

/** The last line of the command; on a busy machine it shows its progress before. */
const hasParks = /(^|\n)43 rows in parks\.csv\.\n$/;

const desk = new AsyncDisposableStack();
let run: (script: string) => Promise<Printed>;

beforeAll(async () => {
  const data = desk.use(await createDataFolder());
  const database = desk.use(await createDatabase());
  const env = { WENSHU_DATA: data.path, DATABASE_URL: database.adminUrl };
  const hub: Cli = desk.use(runCli(['start'], env));
  const { port } = new URL(await hub.printed(/http:\S+\/graphql/));
  const { HOME, PATH } = process.env;
  run = (script) =>
    runScript(`${npx}\n${script.replaceAll('localhost:4000', `127.0.0.1:${port}`)}`, {
      cwd: data.path,
      env: { ...env, PORT: port, HOME, PATH },
    }).catch((cause) => {
      throw new Error(`${cause.message}\nhub:\n${hub.output}`, { cause });
    });
}, 60_000);
afterAll(() => desk.disposeAsync());

test('the first lines for data teams make the table that they say', async () => {
  expect((await run(setUp)).stderr).toMatch(hasParks);
  expect((await run('head -2 parks.csv')).stdout).toMatch(
    /^\uFEFFid,nameZh,level,region\.nameZh\r\npark-22c-radio-tv,/,
  );
}, 60_000);

test('the lines with a variable and a format make the table of a region', async () => {
  expect((await run(`${setUp}\n${options}`)).stderr).toMatch(/rows in parks-of-a-region\.csv\.\n$/);
  expect((await run('grep -c ^park- parks-of-a-region.csv')).stdout).toMatch(/^[1-9]/);
}, 60_000);

test.for(lines.split('\n'))('%s', { timeout: 60_000 }, async (line, context) => {
  const [tool = '', isThere = ''] = Object.entries(tools).find(([name]) => line.includes(name)) ?? [];
  const { stdout: found } = await run(`if ${isThere} >/dev/null 2>&1; then echo found; fi`);
  if (!found) return context.skip(`${tool} is not at hand: the line was not run.`);
  const { stdout, stderr } = await run(`${setUp}\n${line}`);
  expect(stderr).toMatch(hasParks);
  expect(stdout).toMatch(tool === 'curl' ? /^\s*43$/m : /朝阳区/);
});
