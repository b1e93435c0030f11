import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { paste } from '../support/paste.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const opened = new AsyncDisposableStack();
let env: Record<string, string>;
let address: string;
beforeAll(async () => {
  const data = opened.use(await createDataFolder());
  const database = opened.use(await createDatabase());
  env = { WENSHU_DATA: data.path, DATABASE_URL: database.adminUrl };
  const hub = opened.use(runCli(['start'], env));
  address = await hub.printed(/http:\S+(?=\/graphql)/);
});
afterAll(() => opened.disposeAsync());

it('the first query of the README gets the answer that the README shows', async () => {
  const readme = read('README.md');
  const [command = ''] = commandsIn(readme);
  const [, answer = ''] = /```json\n(.*?)\n```/s.exec(readme) ?? [];
  expect(await paste(command, env, address)).toEqual(JSON.parse(answer));
}, 60_000);

const commandsIn = (page: string) => [...page.matchAll(/^curl .*$/gm)].map(([command]) => command);

it('the first change of the README is made once, and leaves a task', async () => {
  const [, change = '', tasks = ''] = commandsIn(read('README.md'));
  expect(await paste(change, env, address)).toMatchObject({
    data: { submitServiceRequest: { serviceRequest: { stage: 'COLLECTED' }, isReplay: false } },
  });
  expect(await paste(change, env, address)).toMatchObject({
    data: { submitServiceRequest: { isReplay: true } },
  });
  expect(await paste(tasks, env, address)).toMatchObject({
    data: {
      myTasks: {
        nodes: expect.arrayContaining([
          {
            type: 'SERVICE_REQUEST',
            actions: ['ASSIGN'],
            dueOn: expect.any(String),
            isOverdue: expect.any(Boolean),
          },
        ]),
      },
    },
  });
}, 60_000);

it('the README has at most 200 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

it('the commands on keys and agreements let a partner and a department see what they are for', async () => {
  const [, section = ''] = /\n## Keys and agreements\n(.*)/s.exec(read('docs/access.md')) ?? [];
  const commands = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block).join('echo\n');
  const script = commands.replaceAll('http://localhost:4000', address);
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...env },
  });
  expect(stdout.match(/\{"data":.*?\}(?=\{|\s|$)/gs)?.map((answer) => JSON.parse(answer))).toEqual([
    { data: { park: { nameZh: '798艺术区' } } },
    { data: { approveAgreement: { state: 'ACTIVE' } } },
    { data: { enterprises: { nodes: [{ nameZh: expect.any(String), inspections: { totalCount: 0 } }] } } },
  ]);
}, 60_000);
