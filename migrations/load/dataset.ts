import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { CitationRow } from '@wenshu/kit/tables.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import type { PgTable } from 'drizzle-orm/pg-core';
import { type FileName, type RecordOf, recordsOf } from './records.ts';

/** Rows to insert into one table. */
export interface Rows {
  table: PgTable;
  rows: Record<string, unknown>[];
}

export const rowsOf = <Table extends PgTable>(table: Table, rows: Table['$inferInsert'][]): Rows => ({
  table,
  rows,
});

export interface Dataset {
  regions: RecordOf<'regions.json'>[];
  sources: RecordOf<'sources.json'>[];
  enterprises: RecordOf<'enterprises.json'>[];
  parks: RecordOf<'parks.json'>[];
  projects: RecordOf<'projects.json'>[];
  policies: RecordOf<'policies.json'>[];
  organisations: RecordOf<'organisations.json'>[];
  events: RecordOf<'events.json'>[];
  works: RecordOf<'works.json'>[];
  partyUnits: RecordOf<'party-units.json'>[];
  indicators: RecordOf<'indicators.json'>[];
  /** Returns the GraphQL type of the record (or measure, or region) with this id. */
  typeOf(id: string): string;
}

/** Problems of a dataset: one line each, with file, record and field. */
export class DatasetError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The dataset was not loaded:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'DatasetError';
    this.problems = problems;
  }
}

const typeOfFile: Partial<Record<FileName, string>> = {
  'enterprises.json': 'Enterprise',
  'events.json': 'Event',
  'organisations.json': 'Agency',
  'parks.json': 'Park',
  'policies.json': 'Policy',
  'projects.json': 'Project',
  'regions.json': 'Region',
  'sources.json': 'Source',
  'works.json': 'Work',
};
const typeOfPartyRecord = { UNIT: 'PartyUnit', BRAND: 'PartyBrand', MECHANISM: 'PartyMechanism' };

/** Names of fields that refer to another record, at any depth. */
const referenceField = /^(.*Ids?|targetId|orgId|regionCode|parentCode)$/;

/** Reads the files of a folder. Refuses the whole dataset if a record is malformed or refers to nothing. */
export async function readDataset(folder: URL | string): Promise<Dataset> {
  const base = typeof folder === 'string' ? pathToFileURL(`${folder}/`) : folder;
  const problems: string[] = [];
  const files = {} as { [File in FileName]: RecordOf<File>[] };
  for (const file of Object.keys(recordsOf) as FileName[]) {
    files[file] = (await readRecords(base, file, problems)) as never[];
  }
  const types = typesById(files, problems);
  if (problems.length === 0) checkReferences(files, types, problems);
  checkSubjects(files['indicators.json'], problems);
  if (problems.length > 0) throw new DatasetError(problems);

  return {
    regions: files['regions.json'],
    sources: files['sources.json'],
    enterprises: files['enterprises.json'],
    parks: files['parks.json'],
    projects: files['projects.json'],
    policies: files['policies.json'],
    organisations: files['organisations.json'],
    events: files['events.json'],
    works: files['works.json'],
    partyUnits: files['party-units.json'],
    indicators: files['indicators.json'],
    typeOf: (id) => {
      const type = types.get(id);
      if (!type) throw new Error(`Nothing in the dataset has the id ${id}.`);
      return type;
    },
  };
}

async function readRecords(base: URL, file: FileName, problems: string[]): Promise<unknown[]> {
  let records: unknown;
  try {
    records = JSON.parse(await readFile(new URL(file, base), 'utf8'));
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`);
    return [];
  }
  if (!Array.isArray(records)) {
    problems.push(`${file}: must hold a list of records.`);
    return [];
  }
  return records.flatMap((record, i) => {
    const result = recordsOf[file].safeParse(record);
    if (result.success) return [result.data];
    const name = idOf(record) ?? `number ${i + 1}`;
    for (const issue of result.error.issues) {
      problems.push(`${file}, record ${name}, field ${issue.path.join('.')}: ${issue.message}.`);
    }
    return [];
  });
}

function typesById(files: { [File in FileName]: RecordOf<File>[] }, problems: string[]): Map<string, string> {
  const types = new Map<string, string>();
  const seenIn = new Map<string, string>();
  const add = (file: FileName, id: string, type: string) => {
    const earlier = seenIn.get(id);
    if (earlier) problems.push(`${file}, record ${id}, field id: is already used in ${earlier}.`);
    if (id.startsWith(syntheticPrefix)) {
      problems.push(
        `${file}, record ${id}, field id: starts with ${syntheticPrefix}, as only synthetic records do.`,
      );
    }
    seenIn.set(id, file);
    types.set(id, type);
  };
  for (const [file, type] of Object.entries(typeOfFile) as [FileName, string][]) {
    for (const record of files[file]) add(file, idOf(record) ?? '', type);
  }
  for (const record of files['party-units.json'])
    add('party-units.json', record.id, typeOfPartyRecord[record.recordType]);
  for (const policy of files['policies.json']) {
    for (const measure of policy.measures) add('policies.json', measure.id, 'Measure');
  }
  for (const indicator of files['indicators.json']) add('indicators.json', indicator.id, 'Indicator');
  return types;
}

function checkReferences(
  files: { [File in FileName]: RecordOf<File>[] },
  types: Map<string, string>,
  problems: string[],
) {
  for (const [file, records] of Object.entries(files)) {
    for (const record of records) {
      for (const { path, id } of referencesIn(record)) {
        if (!types.has(id))
          problems.push(
            `${file}, record ${idOf(record)}, field ${path}: refers to ${id}, which is not there.`,
          );
      }
    }
  }
}

/**
 * Refuses figures whose subjects have one name: the two editions of a fair that is held twice a year could not be told apart. Two regions
 * may have one name, and figures say the code of theirs.
 */
function checkSubjects(indicators: readonly RecordOf<'indicators.json'>[], problems: string[]) {
  const named = new Map<string, string>();
  for (const { id, subjectType, subjectId, subjectZh } of indicators) {
    if (subjectType === 'REGION') continue;
    const other = named.get(subjectZh) ?? subjectId;
    named.set(subjectZh, other);
    if (other !== subjectId)
      problems.push(
        `indicators.json, record ${id}, field subjectZh: “${subjectZh}” also names ${other}. Tell the two apart.`,
      );
  }
}

function* referencesIn(value: unknown, path: string[] = []): Generator<{ path: string; id: string }> {
  if (typeof value === 'string') {
    const field = path.findLast((step) => !/^\d+$/.test(step)) ?? '';
    if (referenceField.test(field)) yield { path: path.join('.'), id: value };
  } else if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      if (key !== 'facts' && key !== 'dims' && key !== 'quantities')
        yield* referencesIn(inner, [...path, key]);
    }
  }
}

function idOf(record: unknown): string | undefined {
  const { id, code } = (record ?? {}) as { id?: unknown; code?: unknown };
  return typeof id === 'string' ? id : typeof code === 'string' ? code : undefined;
}

/** Returns the citations of a record in the form of its table. */
export const citationsOf = (
  source: { sourceId: string; quote: string; section?: string | undefined }[],
): CitationRow[] =>
  source.map(({ sourceId, quote, section }) => ({ sourceId, quote, isSidebar: section === 'SIDEBAR' }));

type NamedRecord = Pick<
  Dataset['enterprises'][number],
  'id' | 'nameZh' | 'nameEn' | 'aliases' | 'facts' | 'notes' | 'notesZh' | 'source'
>;

/** Returns the columns of every record. */
export const recordRow = (record: NamedRecord) => ({
  id: record.id,
  nameZh: record.nameZh,
  nameEn: record.nameEn,
  aliases: record.aliases,
  facts: record.facts,
  notes: record.notes,
  notesZh: record.notesZh,
  citations: citationsOf(record.source),
});

/** Returns the honours of records, for a table of honours. */
export const honourRows = (
  records: readonly { readonly id: string; readonly honours: Dataset['enterprises'][number]['honours'] }[],
) =>
  records.flatMap(({ id, honours }) =>
    (honours ?? []).map((honour, seq) => ({ ...honour, ownerId: id, seq })),
  );

/** Returns the subjects that records name in relations of these types, for a table of subjects. */
export const subjectRows = (
  records: readonly {
    readonly id: string;
    readonly relations: readonly { readonly type: string; readonly targetId: string }[];
  }[],
  roles: Readonly<Record<string, string>>,
  typeOf: Dataset['typeOf'],
) =>
  records.flatMap(({ id, relations }) =>
    relations
      .flatMap(({ type, targetId }) => {
        const role = roles[type];
        return role ? [{ role, targetType: typeOf(targetId), targetId }] : [];
      })
      .map((subject, seq) => ({ ownerId: id, seq, ...subject })),
  );
