import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { callTimeoutOf, readConfig, settings } from '@wenshu/gateway/process/config.ts';
import { standardCallTimeoutMs } from '@wenshu/kit/connect.ts';
import { expect, it } from 'vitest';
import { tableOf } from '../support/markdown-table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Paths are of this machine, but for those below the folder of the hub. */
const standardOf = new Map(settings.map(({ name, standard = '' }) => [name, standard.replace(root, '')]));

const marker =
  '<!-- Below: written by "npx vitest run contract/settings-page -u" in tests/; not to be edited. -->';

it('docs/settings.md lists every setting with its default and its sentence', async () => {
  const code = (text: string | undefined) => (text ? `\`${text}\`` : '');
  const rows = settings.map(({ name, about }) => [
    code(name),
    code(standardOf.get(name)),
    about.replaceAll('|', '\\|'),
  ]);
  const [head = ''] = readFileSync(`${root}docs/settings.md`, 'utf8').split(marker);
  const page = `${head}${marker}\n\n${tableOf([['Setting', 'Default', 'Meaning'], ...rows])}\n`;
  await expect(page).toMatchFileSnapshot(`${root}docs/settings.md`);
});

/** A number, with its unit, in brackets after a setting or after a comma. */
const numberOf = /`([A-Z_]+)`(?:,|\s\()\s?(\d[\d,]*(?<!,)(?: ?(?:KiB|MiB|GiB|ms|s|m|h))?)\b/g;

it('a number that a page says of a setting, after it in the text or before it in a table, is its default', () => {
  const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })].filter(
    (page) => page !== 'docs/settings.md',
  );
  const said = pages.flatMap((page) => {
    const text = readFileSync(root + page, 'utf8');
    const inText = [...text.matchAll(numberOf)].map(([, name, number]) => [name, number]);
    const inTables = [...text.matchAll(/\| +(\d[\w, ]*?) +\| `([A-Z_]+)`(?= +\|)/g)].map(
      ([, number, name]) => [name, number],
    );
    return [...inText, ...inTables].flatMap(([name = '', number = '']) =>
      standardOf.has(name) ? [{ page, name, number: number.replaceAll(/[, ]/g, '') }] : [],
    );
  });
  expect(said).toEqual(said.map(({ page, name }) => ({ page, name, number: standardOf.get(name) })));
  expect(said.length).toBeGreaterThan(30);
});

it('a separate subgraph gives up a call as early as one that gets the limit of its gateway', () => {
  expect(standardCallTimeoutMs).toBe(callTimeoutOf(readConfig({})));
});
