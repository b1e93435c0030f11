import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogueOf } from '@wenshu/schema/catalogue.ts';
import { figures, names } from '@wenshu/schema/figures.ts';
import { recordedNumbers } from '@wenshu/schema/recorded-numbers.ts';
import { buildSchema, getNamedType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { tableOf } from '../support/markdown-table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

const numbers = new Set(['Int', 'Float', 'Decimal', 'Yuan']);

const fields = Object.values(buildSchema(read('schema/api.graphql'), { assumeValid: true }).getTypeMap())
  .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
  .flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter((field) => numbers.has(getNamedType(field.type).name))
          .map((field) => ({ typeName: type.name, fieldName: field.name }))
      : [],
  );

const isNamedBy =
  (coordinates: string) =>
  ({ typeName, fieldName }: (typeof fields)[number]) =>
    names(coordinates, typeName, fieldName);

const listed = [...figures.map(({ of }) => of), ...recordedNumbers];

it('each number of the graph is listed once: as a figure with what it counts, or as recorded', () => {
  const wrong = fields
    .map((field) => [
      `${field.typeName}.${field.fieldName}`,
      listed.filter((coordinates) => isNamedBy(coordinates)(field)),
    ])
    .filter(([, by]) => by?.length !== 1);
  expect(wrong).toEqual([]);
});

it('each listed name is a number of the graph', () => {
  const unknown = listed.flatMap((coordinates) => {
    const [type, names = ''] = coordinates.split('.');
    return names
      .split(',')
      .map((name) => `${type}.${name}`)
      .filter((name) => !fields.some(isNamedBy(name)));
  });
  expect(unknown).toEqual([]);
});

const marker = '<!-- Below: written by "npx vitest run contract/figures -u" in tests/; not to be edited. -->';

it('docs/figures.md says what each figure counts, and whose it is', async () => {
  const items = new Map(
    catalogueOf(read('schema/supergraph.graphql')).map((item) => [item.coordinate, item]),
  );
  const classesOf = (coordinates: string) => {
    const classes = fields.filter(isNamedBy(coordinates)).map(({ typeName, fieldName }) => {
      const item = items.get(`${typeName}.${fieldName}`);
      return item ? `${item.owner} ${item.class}` : 'that of its list';
    });
    return [...new Set(classes)].join(', ');
  };
  const rows = figures.map(({ of, counts, partOf = '', unknown }) => [
    of
      .split(',')
      .map((name) => `\`${name}\``)
      .join(' '),
    counts,
    partOf,
    unknown,
    classesOf(of),
  ]);
  const [head = ''] = read('docs/figures.md').split(marker);
  const table = tableOf([['Figure', 'Counts', 'Part of', 'Unknown', 'Class'], ...rows]);
  await expect(`${head}${marker}\n\n${table}\n`).toMatchFileSnapshot(`${root}docs/figures.md`);
});
