import { shared as enterprisesTables } from '@wenshu/enterprises/tables.ts';
import { shared as eventsTables } from '@wenshu/events/tables.ts';
import { shared as parksTables } from '@wenshu/parks/tables.ts';
import { shared as partyTables } from '@wenshu/party/tables.ts';
import { shared as policiesTables } from '@wenshu/policies/tables.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { getTableName } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { copyEncoder, copyInto } from './copy.ts';
import { agencyTables } from './generate/agencies.ts';
import { campaignTables } from './generate/campaign-plans.ts';
import { type City, type CityOptions, planCity } from './generate/city.ts';
import { enterpriseTables } from './generate/enterprises.ts';
import { eventTables } from './generate/events.ts';
import {
  commandOf,
  enterpriseIndicators,
  eventIndicators,
  parkIndicators,
  policyIndicators,
  sourceId,
  sourceTables,
} from './generate/indicators.ts';
import { ledgerTables } from './generate/ledgers.ts';
import { parkTables } from './generate/parks.ts';
import { partyTables as partyUnitTables } from './generate/party.ts';
import { policyTables } from './generate/policies.ts';
import { returnTables } from './generate/returns.ts';
import { supervisionTables } from './generate/supervision.ts';
import type { GeneratedTable } from './generate/table.ts';
import { workflowTables } from './generate/workflows.ts';
import { type Databases, ownerUrl } from './migrate.ts';
import { undelayedSocket } from './undelayed-socket.ts';
import { withoutIndexes } from './without-indexes.ts';

export type { CityOptions };

/** The city of a trial hub. It gives way to any other. */
export const trialCity: CityOptions = { enterprises: 200, seed: 1 };

/** Number of enterprises up to which a city is loaded faster into tables with their indexes. */
const smallCity = 500;

/** Returns all tables of a city by subgraph. Each table refers only to earlier ones. */
export const cityTables = (city: City): Readonly<Record<SubgraphName, readonly GeneratedTable[]>> => ({
  enterprises: [
    ...sourceTables(city, enterprisesTables),
    ...enterpriseTables(city),
    ...supervisionTables(city),
    ...returnTables(city),
    ...enterpriseIndicators(city),
  ],
  events: [
    ...sourceTables(city, eventsTables),
    ...eventTables(city),
    ...campaignTables(city),
    ...eventIndicators(city),
  ],
  parks: [
    ...sourceTables(city, parksTables),
    ...parkTables(city),
    ...ledgerTables(city),
    ...parkIndicators(city),
  ],
  party: [...sourceTables(city, partyTables), ...partyUnitTables(city)],
  policies: [
    ...sourceTables(city, policiesTables),
    ...agencyTables(city),
    ...policyTables(city),
    ...workflowTables(city),
    ...policyIndicators(city),
  ],
});

/** Yields the lines of a table for COPY. */
export function* linesOf({ table, subjects, rowsOf }: GeneratedTable): Generator<string> {
  const encode = copyEncoder(table);
  for (let subject = 0; subject < subjects; subject++) {
    for (const row of rowsOf(subject)) yield encode(row);
  }
}

export interface GenerateProgress {
  readonly subgraph: SubgraphName;
  /** Current work, in a few words. */
  readonly doing: string;
  /** Number of rows so far, in all subgraphs. */
  readonly rows: number;
  /** Completed share of the work from 0 to 1, by bytes copied. */
  readonly fraction: number;
}

export interface GenerateOptions extends CityOptions {
  /** If true, the synthetic rows of another city are deleted; otherwise they are a reason to refuse. */
  readonly replace?: boolean;
  onProgress?(progress: GenerateProgress): void;
}

/**
 * Generates a synthetic city beside the real data, in databases that are migrated and loaded. Each subgraph is one transaction, in which
 * its indexes are dropped and recreated. After an interruption a subgraph is unchanged, and the same command continues with the missing
 * subgraphs. Readers of a table wait while its subgraph is loaded. Resolves to the number of new rows; 0 if the city exists already.
 */
export async function generate(databases: Databases, options: GenerateOptions): Promise<number> {
  const missing = await missingIn(databases, options);
  const tables = cityTables(planCity(options));
  const progress = new Tally(
    missing.flatMap((name) => tables[name]),
    options.onProgress,
  );
  const isSmall = options.enterprises <= smallCity;
  const fill = (name: SubgraphName) =>
    withOwner(databases, name, (sql) => fillSubgraph(sql, name, tables[name], options, progress));
  // A large city keeps both processors busy with one subgraph, and its indexes need the memory.
  if (isSmall) await Promise.all(missing.map(fill));
  else for (const name of missing) await fill(name);
  return progress.rows;
}

/** Returns the subgraphs that do not hold the city yet. */
async function missingIn(databases: Databases, options: GenerateOptions): Promise<SubgraphName[]> {
  const isThere = await Promise.all(
    subgraphNames.map((name) => withOwner(databases, name, (sql) => isPresent(sql, name, options))),
  );
  return subgraphNames.filter((_, at) => !isThere[at]);
}

async function fillSubgraph(
  sql: postgres.Sql,
  name: SubgraphName,
  tables: readonly GeneratedTable[],
  options: GenerateOptions,
  progress: Tally,
): Promise<void> {
  const isSmall = options.enterprises <= smallCity;
  const tell = (doing: string) => progress.tell(name, doing);
  await sql.begin(async (tx) => {
    // The lock lasts until the end of the transaction, so two commands at once run one after the other.
    await tx`lock table ${tx(`${name}.sources`)}`;
    if (await isPresent(tx, name, options)) return;
    const load = isSmall ? withIndexes : withoutIndexes;
    await loadSubgraph(tx, tables, load, tell, (line) => progress.count(name, line));
  });
  // Autovacuum looks after a few rows by itself.
  if (isSmall) return;
  tell('vacuum and analyze');
  await sql.unsafe(`vacuum (analyze) ${tablesOf(tables).join(', ')}`);
}

/** Progress, compared with an estimate from a sample of every table. */
class Tally {
  rows = 0;
  #bytes = 0;
  readonly #expectedBytes: number;
  readonly #report: (progress: GenerateProgress) => void;

  constructor(tables: readonly GeneratedTable[], report: (progress: GenerateProgress) => void = () => {}) {
    this.#expectedBytes = tables.reduce((sum, table) => sum + bytesOf(table), 1);
    this.#report = report;
  }

  count(subgraph: SubgraphName, line: string): void {
    this.rows += 1;
    this.#bytes += line.length;
    if (this.rows % rowsPerReport === 0) this.tell(subgraph, 'copying');
  }

  tell(subgraph: SubgraphName, doing: string): void {
    const fraction = Math.min(1, this.#bytes / this.#expectedBytes);
    this.#report({ subgraph, doing, rows: this.rows, fraction });
  }
}

const rowsPerReport = 5_000;

type Sql = postgres.ISql;

const withOwner = async <T>(
  databases: Databases,
  name: SubgraphName,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> => {
  const options = { max: 1, onnotice: () => {}, socket: undelayedSocket() };
  const sql = postgres(ownerUrl(databases, name), options);
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
};

/** True if a subgraph holds this city already. Refuses another city, unless it is to be replaced. */
async function isPresent(sql: Sql, name: SubgraphName, options: GenerateOptions): Promise<boolean> {
  const [source] = await sql`select file_name from ${sql(`${name}.sources`)} where id = ${sourceId}`;
  if (!source || source.file_name === commandOf(options)) return source !== undefined;
  if (options.replace || source.file_name === commandOf(trialCity)) return false;
  throw new Error(
    `The subgraph ${name} holds the synthetic rows of "${source.file_name}". Nothing was changed there. ` +
      'Give --replace to put others in their place; the real rows stay as they are.',
  );
}

const nameOf = (table: PgTable) => `${getTableConfig(table).schema}.${getTableName(table)}`;
const tablesOf = (tables: readonly GeneratedTable[]) => [
  ...new Set(tables.map(({ table }) => nameOf(table))),
];

const withIndexes: typeof withoutIndexes = (_sql, _tables, _tell, work) => work();

async function loadSubgraph(
  sql: Sql,
  tables: readonly GeneratedTable[],
  load: typeof withoutIndexes,
  tell: (doing: string) => void,
  count: (line: string) => void,
): Promise<void> {
  await load(sql, tablesOf(tables), tell, async () => {
    for (const { table } of tables.toReversed()) await deleteSynthetic(sql, table);
    for (const generatedTable of tables)
      await copyInto(sql, generatedTable.table, counted(linesOf(generatedTable), count));
  });
}

/**
 * Deletes the synthetic rows of a table: the first column of the key shows whether a row is synthetic. Steps of workflows
 * stay by a trigger, but for this.
 */
async function deleteSynthetic(sql: Sql, table: PgTable): Promise<void> {
  const { columns, primaryKeys } = getTableConfig(table);
  const key = primaryKeys[0]?.columns[0] ?? columns.find(({ primary }) => primary);
  if (!key) throw new Error(`${nameOf(table)} has no primary key.`);
  const hasTrigger = columns.some(({ name }) => name === 'action');
  if (hasTrigger) await sql`alter table ${sql(nameOf(table))} disable trigger user`;
  await sql`delete from ${sql(nameOf(table))} where ${sql(key.name)} like ${`${syntheticPrefix}%`}`;
  if (hasTrigger) await sql`alter table ${sql(nameOf(table))} enable trigger user`;
}

function* counted(lines: Iterable<string>, count: (line: string) => void): Generator<string> {
  for (const line of lines) {
    count(line);
    yield line;
  }
}

const sampleSize = 200;

/** Estimates the size of a table's text from a sample of its subjects. */
function bytesOf({ table, subjects, rowsOf }: GeneratedTable): number {
  const encode = copyEncoder(table);
  const sampled = Math.min(sampleSize, subjects);
  let bytes = 0;
  for (let i = 0; i < sampled; i++) {
    for (const row of rowsOf(Math.floor((i * subjects) / sampled))) bytes += encode(row).length;
  }
  return (bytes / Math.max(1, sampled)) * subjects;
}
