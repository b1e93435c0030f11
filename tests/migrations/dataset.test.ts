import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { describe, expect, it } from 'vitest';
import { createDatabase, createEmptyDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';

const dataFolder = new URL('../../migrations/data/', import.meta.url);

type Record = { [field: string]: unknown };

/** The real dataset with one file changed. */
async function changed(file: string, change: (records: Record[]) => unknown) {
  const folder = await mkdtemp(join(tmpdir(), 'wenshu-dataset-'));
  await cp(dataFolder, folder, { recursive: true });
  const records = JSON.parse(await readFile(join(folder, file), 'utf8')) as Record[];
  await writeFile(join(folder, file), JSON.stringify(change(records) ?? records));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const first = (change: (record: Record) => void) => (records: Record[]) => {
  const [record] = records;
  if (record) change(record);
};

describe('a broken dataset', () => {
  it.each<[string, string, (records: Record[]) => unknown, string]>([
    [
      'a reference to nothing',
      'enterprises.json',
      first((record) => Object.assign(record, { parkIds: ['park-nowhere'] })),
      'enterprises.json, record ent-cfg-system, field parkIds.0: refers to park-nowhere, which is not there.',
    ],
    [
      'a source that is not there',
      'parks.json',
      first((record) => Object.assign((record.source as Record[])[0] ?? {}, { sourceId: 'src-999' })),
      'parks.json, record park-huairou-film-zone, field source.0.sourceId: refers to src-999, which is not there.',
    ],
    [
      'a value that no enum of the graph has',
      'events.json',
      first((record) => Object.assign(record, { kind: 'PARADE' })),
      'events.json, record evt-bjiff, field kind:',
    ],
    [
      'a count of petitions, which is a work secret',
      'indicators.json',
      first((record) => Object.assign(record, { metric: 'PETITION_BATCHES' })),
      'is no figure for this hub: petitions are a work secret',
    ],
    [
      'what a named group paid in tax',
      'indicators.json',
      first((record) => Object.assign(record, { metric: 'TAX_PAID', subjectType: 'ENTERPRISE_GROUP' })),
      'the tax of one taxpayer or group is confidential',
    ],
    [
      'one name for the spring and the autumn fair',
      'indicators.json',
      (records) =>
        records.map((record) =>
          /^evt-bj-tv-fair/.test(String(record.subjectId))
            ? { ...record, subjectZh: '北京电视节目交易会' }
            : record,
        ),
      'field subjectZh: “北京电视节目交易会” also names evt-bj-tv-fair-spring-2018. Tell the two apart.',
    ],
    [
      'an id used twice',
      'works.json',
      (records) => [...records, records[0]],
      'works.json, record work-gouyun, field id: is already used in works.json.',
    ],
    [
      'an id that only synthetic records have',
      'works.json',
      first((record) => Object.assign(record, { id: 'syn-work-00000001' })),
      'works.json, record syn-work-00000001, field id: starts with syn-, as only synthetic records do.',
    ],
    [
      'a quote that is longer than a quote may be',
      'policies.json',
      first((record) => Object.assign((record.source as Record[])[0] ?? {}, { quote: '长'.repeat(41) })),
      'policies.json, record pol-huaiying-ten, field source.0.quote:',
    ],
    ['a file that is no list', 'regions.json', () => ({}), 'regions.json: must hold a list of records.'],
  ])('with %s is refused, naming file, record and field', async (_what, file, change, problem) => {
    await using dataset = await changed(file, change);
    await expect(readDataset(dataset.folder)).rejects.toThrow(problem);
  });

  it('is refused whole: not a row of it is loaded anywhere', async () => {
    await using database = await createEmptyDatabase();
    await using dataset = await changed(
      'party-units.json',
      first((record) => Object.assign(record, { hostId: 'org-nowhere' })),
    );
    const urls = await migrate({ adminUrl: database.adminUrl });
    await expect(loadDataset(urls, { folder: dataset.folder })).rejects.toThrow('org-nowhere');
    for (const name of subgraphNames) {
      expect(await ask(urls[name], `select count(*)::int from ${name}.regions`)).toEqual([{ count: 0 }]);
    }
  });

  it('lists every problem at once', async () => {
    await using dataset = await changed('projects.json', (records) => {
      for (const record of records.slice(0, 3)) Object.assign(record, { ownerIds: ['org-nowhere'] });
    });
    await expect(readDataset(dataset.folder)).rejects.toMatchObject({ problems: { length: 3 } });
  });
});

it('is loaded once: a second load changes nothing', async () => {
  await using database = await createDatabase();
  expect(await loadDataset(database.urls)).toEqual({
    enterprises: 0,
    events: 0,
    parks: 0,
    party: 0,
    policies: 0,
  });
});

it('holds no phone number in any of its texts', async () => {
  const phoneNumber = /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)/;
  for (const file of await readdir(dataFolder)) {
    JSON.parse(await readFile(new URL(file, dataFolder), 'utf8'), (field, value) => {
      if (typeof value === 'string' && field !== 'sha256') expect(value).not.toMatch(phoneNumber);
      return value;
    });
  }
});
