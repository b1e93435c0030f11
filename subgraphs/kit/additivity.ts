import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** Why the figures of a group have no sum, and what to do. */
export const reasons = {
  NONE: {
    en: 'No record of the group has the figure.',
    zh: '本组没有记录载有此数。',
  },
  UNIT: {
    en: 'The figures have different units. Filter or group by unit.',
    zh: '各数的单位不同。请按单位筛选或分组。',
  },
  METRIC: {
    en: 'The figures are of different metrics. Filter or group by metric.',
    zh: '各数属于不同的指标。请按指标代码筛选或分组。',
  },
  KIND: {
    en: 'Reached figures, targets and plans stand together. Filter or group by kind.',
    zh: '实际数、目标数与计划数并列。请按性质筛选或分组。',
  },
  STOCK_OR_FLOW: {
    en: 'Stocks and flows stand together. Filter or group by stockOrFlow.',
    zh: '存量与流量并列。请按存量或流量筛选或分组。',
  },
  PERIOD: {
    en: 'The periods of the figures differ or are not stated. Filter by period.',
    zh: '各数的时期不同或未写明。请按时期筛选。',
  },
  SCOPE: {
    en: 'The figures differ in what they count: scope, tier, level, domain or another limit, which the field dims has. Filter or group by it, or filter by metricZh or id.',
    zh: '各数的口径不同(统计范围、梯度、级别、领域或字段 dims 所载的其他限定)。请据此筛选或分组,或按指标名称、标识筛选。',
  },
  RATIO: {
    en: 'The figures are ratios, which cannot be added.',
    zh: '各数为比率,不能相加。',
  },
  COUNTED_TWICE: {
    en: 'The same thing may be counted under several subjects, so the figures cannot be added.',
    zh: '同一事物可能计入多个主体,各数不能相加。',
  },
  SAME_SUBJECT: {
    en: 'Several figures are of one subject. Filter by id to choose one for each subject.',
    zh: '同一主体有多个数字。请按标识筛选,每一主体只取其一。',
  },
  PART_AND_WHOLE: {
    en: 'A figure is part of another one in the group. Filter so that only wholes or only parts remain.',
    zh: '组内有的数是另一数的一部分。请筛选为只有整体或只有部分。',
  },
  BUNDLE: {
    en: 'A bundle of projects stands beside projects that it may contain. Filter by bundleSize.',
    zh: '项目包与其可能包含的项目并列。请按所含项目数筛选。',
  },
  CLASS: {
    en: 'A class of parks stands beside parks that it may contain. Filter by kind.',
    zh: '一类园区与其可能包含的园区并列。请按种类筛选。',
  },
  PAYMENT: {
    en: 'Amounts that are due, paid or clawed back stand together. Filter or group by status.',
    zh: '待付、已付与已追回的金额并列。请按状态筛选或分组。',
  },
  WHOLE: {
    en: 'The figures of all groups together cannot be added, so there is no share.',
    zh: '各组之数合在一起不能相加,因而没有占比。',
  },
} as const satisfies Record<string, { en: string; zh: string }>;

export type Reason = keyof typeof reasons;

/** What the figures of a sum have in common. */
export interface Alike {
  /** Reason for no sum, if two rows have different values. */
  readonly reason: Reason;
  readonly value: SQLWrapper;
}

/** Rows that may not be in one sum. */
export interface Overlap {
  /** Reason for no sum. */
  readonly reason: Reason;
  /** Whether some of the rows with these ids, a Postgres array, overlap. */
  readonly among: (ids: SQL) => SQL;
}

/**
 * When the figures of several rows may be added. A sum that breaks a rule is null with its reason; the first broken rule gives it. A
 * single figure is its own sum.
 */
export interface Additivity {
  /** Column of the unit. Figures of different units have no smallest and no largest value either. */
  readonly unit?: PgColumn;
  /** Column of the precision; null stands for exact. Without a column, all figures are exact. */
  readonly approx?: PgColumn;
  readonly alike?: readonly Alike[];
  /** Reason why a row is added to no other, or null. */
  readonly alone?: SQL;
  readonly overlaps?: readonly Overlap[];
  /** What must be the same in two years for the growth of a sum: the values of all rows of the year. */
  readonly comparable?: SQL;
}

/** Precisions by their bits: a sum is over its value if a part is, and nearly its value if a part is; if both, about it. */
const precisions = ['EXACT', 'OVER', 'NEARLY', 'ABOUT'] as const;

/** Returns the precision of the sum of a group's figures. `counted` filters the rows with a figure. */
export function precisionSql({ approx }: Additivity, counted: SQL): SQL {
  if (!approx) return sql`case when count(*) ${counted} > 0 then 'EXACT' end`;
  const bits = precisions.map((name, bit) => sql`when ${quoted(name)} then ${sql.raw(String(bit))}`);
  const names = sql.join(precisions.map(quoted), sql`, `);
  return sql`(array[${names}])[1 + bit_or(case ${approx} ${spaced(bits)} else 0 end) ${counted}]`;
}

/** Returns the reason why a group's figures have no sum, as far as values of single rows say so; otherwise null. */
export function unlikeSql({ unit, alike = [], alone }: Additivity, counted: SQL): SQL {
  const ofUnit: Alike[] = unit ? [{ reason: 'UNIT', value: unit }] : [];
  const unlike = [...ofUnit, ...alike].map(
    ({ reason, value }) => sql`when min(${value}) ${counted} <> max(${value}) ${counted}
      or count(${value}) ${counted} not in (0, count(*) ${counted}) then ${quoted(reason)}`,
  );
  return sql`case
    when count(*) ${counted} = 0 then 'NONE'
    when count(*) ${counted} = 1 then null
    ${spaced(unlike)} ${alone ? sql`else min(${alone}) ${counted}` : sql``} end`;
}

/** Returns the reason why the rows with these ids, a Postgres array, have no sum together; otherwise null. */
export function overlapSql({ overlaps = [] }: Additivity, ids: SQL): SQL {
  const found = overlaps.map(({ reason, among }) => sql`when ${among(ids)} then ${quoted(reason)}`);
  return found.length === 0 ? sql`null` : sql`case ${spaced(found)} end`;
}

/** Returns whether one of the selected ids is a part of another, by the selected pairs of a part and its whole, over any number of steps. */
export const isAnyPart = (ids: SQL, pairs: SQL): SQL => sql`exists (
  with recursive own(id) as (${ids}),
  stated(part, whole) as (${pairs}),
  above(id) as (
    select whole from own join stated on part = own.id
    union select whole from above join stated on part = above.id)
  select 1 from above join own on own.id = above.id)`;

const quoted = (name: Reason | (typeof precisions)[number]): SQL => sql.raw(`'${name}'`);
const spaced = (parts: readonly SQL[]): SQL => sql.join([...parts], sql` `);
