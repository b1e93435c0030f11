import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  date,
  type ExtraConfigColumn,
  index,
  integer,
  jsonb,
  numeric,
  type PgColumn,
  type PgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { searchableSql } from './searchable.ts';

/** The document that a statement comes from, and its wording. */
export interface CitationRow {
  sourceId: string;
  quote: string;
  isSidebar: boolean;
}

export interface HonourRow {
  titleZh: string;
  year: number | null;
  level: string | null;
}

/** A column for the id of the row to which rows of a further table belong; they go with it. */
const ownerColumn = (name: string, row: () => AnyPgColumn) =>
  text(name).notNull().references(row, { onDelete: 'cascade' });

/** Honours of the rows of a table; no row means that no source states any. */
export const honoursTable = (schema: PgSchema, name: string, row: () => AnyPgColumn) =>
  schema.table(
    name,
    {
      ownerId: ownerColumn('owner_id', row),
      seq: integer().notNull(),
      titleZh: text('title_zh').notNull(),
      year: integer(),
      level: text(),
    },
    (t) => [
      primaryKey({ columns: [t.ownerId, t.seq] }),
      ...textIndexes(`${name}_title_zh`, t.titleZh),
      index(`${name}_year`).on(t.year, t.ownerId),
      index(`${name}_level`).on(t.level, t.ownerId),
    ],
  );

/** Other subjects that the rows of a table name, each with its role. */
export const subjectsTable = (schema: PgSchema, name: string, row: () => AnyPgColumn) =>
  schema.table(
    name,
    {
      ownerId: ownerColumn('owner_id', row),
      seq: integer().notNull(),
      role: text().notNull(),
      ...targetColumns(),
    },
    (t) => [
      primaryKey({ columns: [t.ownerId, t.seq] }),
      index(`${name}_role`).on(t.role, t.ownerId),
      index(`${name}_target`).on(t.targetId, t.role, t.ownerId),
    ],
  );

/** Columns of every record. The schema has the function `searchable`, which its first migration with `searched_names` makes. */
export const recordColumns = (schema: PgSchema) => ({
  id: text().primaryKey(),
  nameZh: text('name_zh').notNull(),
  nameEn: text('name_en').notNull(),
  aliases: text().array().notNull().default(sql`'{}'`),
  /** Name and aliases as `contains` searches them, one a line (`searchable.ts`). */
  searchedNames: text('searched_names')
    .notNull()
    .generatedAlwaysAs(sql`${sql.identifier(schema.schemaName)}.searchable(name_zh || aliases)`),
  facts: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  notes: text(),
  notesZh: text('notes_zh'),
  citations: jsonb().$type<CitationRow[]>().notNull().default([]),
  synthetic: boolean().notNull().default(false),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});

/**
 * Returns a text with every character three times, so that the trigram index serves fragments of one and two characters, which most Chinese
 * words are. Searching the tripled text gives the same rows as searching the plain text.
 */
export const tripled = (text: SQLWrapper) => sql`regexp_replace(${text}, '(.)', '\\1\\1\\1', 'g')`;

/** Indexes for the operators of text: `contains` and `startsWith`, `eq` and `in`. */
export const textIndexes = (name: string, column: AnyPgColumn) =>
  indexesOf(name, column, searchableSql(column));

/** Indexes for the operators of a record's name: `contains` and `startsWith` search its aliases too. */
export const nameIndexes = (
  name: string,
  { nameZh, searchedNames }: { readonly nameZh: AnyPgColumn; readonly searchedNames: AnyPgColumn },
) => indexesOf(name, nameZh, searchedNames);

const indexesOf = (name: string, column: AnyPgColumn, searched: SQLWrapper) => [
  index(`${name}_contains`).using('gin', sql`${tripled(searched)} gin_trgm_ops`),
  index(`${name}_equals`).using('hash', sql`${column}`),
];

/**
 * Index for a descending order by a nullable column. Nulls come last there too, which the ascending index, read backward, does not give.
 */
export const fromHighest = (name: string, column: ExtraConfigColumn, id: ExtraConfigColumn) =>
  index(`${name}_from_highest`).on(column.desc().nullsLast(), id.desc().nullsFirst());

/** Orders Chinese names by pinyin. */
export const byPinyin = (column: AnyPgColumn | SQL) => sql`${column} collate "zh-x-icu"`;

/** Order of a list by name. */
export const pinyinOrder = (column: PgColumn) =>
  ({ expression: byPinyin(column), column, type: 'pinyin' }) as const;

/** Columns of a reference: the type's name in the graph, and the key. */
export const targetColumns = () => ({
  targetType: text('target_type').notNull(),
  targetId: text('target_id').notNull(),
});

/**
 * Tables that every agency has in its own Postgres schema: copies of regions and source documents, indicators of its own subjects.
 */
export function sharedTables(schema: PgSchema) {
  const regions = schema.table(
    'regions',
    {
      code: text().primaryKey(),
      nameZh: text('name_zh').notNull(),
      nameEn: text('name_en').notNull(),
      level: text().notNull(),
      parentCode: text('parent_code'),
      honours: jsonb().$type<{ titleZh: string; citations: CitationRow[] }[]>(),
      basis: text().notNull(),
      basisZh: text('basis_zh').notNull().default(''),
    },
    (t) => [index('regions_parent').on(t.parentCode)],
  );

  /** Each region with itself and everything below it, so that a roll-up is one look-up. */
  const regionClosure = schema.table(
    'region_closure',
    { ancestor: text().notNull(), code: text().notNull() },
    (t) => [primaryKey({ columns: [t.ancestor, t.code] }), index('region_closure_code').on(t.code)],
  );

  const sources = schema.table('sources', {
    id: text().primaryKey(),
    titleZh: text('title_zh').notNull(),
    titleEn: text('title_en').notNull(),
    kind: text().notNull(),
    publisherZh: text('publisher_zh'),
    date: date({ mode: 'string' }),
    regionCode: text('region_code'),
    caveats: text().array().notNull().default(sql`'{}'`),
    caveatsZh: text('caveats_zh').array().notNull().default(sql`'{}'`),
    fileName: text('file_name').notNull(),
    sha256: text().notNull(),
    issuerIds: text('issuer_ids').array().notNull().default(sql`'{}'`),
  });

  const indicators = indicatorTable(schema);

  /**
   * Copies of the published figures, of any agency, that count rows of this agency's lists (`completeness.ts` of the subgraph says which).
   * They are few, and all of a list are read at once.
   */
  const publishedTotals = schema.table('published_totals', indicatorColumns());

  return { regions, regionClosure, sources, indicators, publishedTotals };
}

/** Columns of a published figure. */
const indicatorColumns = () => ({
  id: text().primaryKey(),
  topic: text().notNull(),
  subjectType: text('subject_type').notNull(),
  subjectId: text('subject_id').notNull(),
  subjectZh: text('subject_zh').notNull(),
  metric: text().notNull(),
  metricZh: text('metric_zh').notNull(),
  value: numeric().notNull(),
  unit: text().notNull(),
  approx: text().notNull(),
  valueAsPrinted: text('value_as_printed').notNull(),
  kind: text().notNull(),
  periodLabel: text('period_label'),
  periodZh: text('period_zh'),
  periodStart: date('period_start', { mode: 'string' }),
  periodEnd: date('period_end', { mode: 'string' }),
  regionCode: text('region_code'),
  growth: jsonb().$type<{ value: string; unit: string; kind: string; noteZh: string | null }>(),
  stockOrFlow: text('stock_or_flow'),
  scope: text(),
  tiers: text().array(),
  levels: text().array(),
  domainCodes: text('domain_codes').array(),
  /** Other limits of what the figure counts. */
  dims: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  facts: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  alsoAboutType: text('also_about_type'),
  alsoAboutId: text('also_about_id'),
  /** The figure of which this one is a part; it may be kept by another agency. */
  partOfId: text('part_of_id'),
  notes: text(),
  notesZh: text('notes_zh'),
  isSidebar: boolean('is_sidebar').notNull().default(false),
  citations: jsonb().$type<CitationRow[]>().notNull().default([]),
  synthetic: boolean().notNull().default(false),
});

/** Published figures of an agency's subjects. */
const indicatorTable = (schema: PgSchema) =>
  schema.table('indicators', indicatorColumns(), (t) => [
    index('indicators_subject').on(t.subjectId, t.id),
    index('indicators_subject_type').on(t.subjectType, t.id),
    index('indicators_topic').on(t.topic, t.id),
    index('indicators_metric').on(t.metric, t.id),
    index('indicators_unit').on(t.unit, t.id),
    index('indicators_kind').on(t.kind, t.id),
    index('indicators_region').on(t.regionCode, t.id),
    index('indicators_stock_or_flow').on(t.stockOrFlow, t.id),
    index('indicators_scope').on(t.scope, t.id),
    index('indicators_tiers').using('gin', t.tiers),
    index('indicators_levels').using('gin', t.levels),
    index('indicators_domain_codes').using('gin', t.domainCodes),
    index('indicators_also_about').on(t.alsoAboutId, t.id),
    index('indicators_part_of').on(t.partOfId, t.id),
    index('indicators_synthetic').on(t.synthetic, t.id),
    index('indicators_value').on(t.value, t.id),
    index('indicators_period_start').on(t.periodStart, t.id),
    index('indicators_period_end').on(t.periodEnd, t.id),
    fromHighest('indicators_period_end', t.periodEnd, t.id),
    ...textIndexes('indicators_metric_zh', t.metricZh),
  ]);

export type SharedTables = ReturnType<typeof sharedTables>;
