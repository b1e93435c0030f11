import { metrics } from '@wenshu/schema/metrics.ts';
import { type SQL, sql } from 'drizzle-orm';
import { type Additivity, isAnyPart } from '../additivity.ts';
import type { SharedTables } from '../tables.ts';

/** Selects pairs of the id of a part and the id of its whole, among subjects of one agency. */
export type PartsOfSubjects = SQL;

const codesOf = (isWanted: (metric: (typeof metrics)[string]) => boolean) =>
  sql`any(${sql.param(
    Object.values(metrics)
      .filter(isWanted)
      .map(({ code }) => code),
  )}::text[])`;
const ratios = codesOf(({ stockOrFlow }) => stockOrFlow === null);
const added = codesOf(({ isAdditive }) => isAdditive);

/**
 * Returns when published figures may be added: figures of one metric, kind, period and scope, of subjects that are no part of each
 * other.
 */
export function additivityOfFigures(tables: SharedTables, partsOfSubjects: PartsOfSubjects): Additivity {
  const { indicators } = tables;
  const { metric, kind, unit, stockOrFlow, subjectId, periodStart, periodEnd } = indicators;
  const { scope, tiers, levels, domainCodes, dims } = indicators;
  const limits = sql`jsonb_build_array(${scope}, ${tiers}, ${levels}, ${domainCodes}, ${dims})::text`;
  // A period that is not stated is like no other.
  const period = sql`coalesce(${periodStart}::text, '') || coalesce(${periodEnd}::text, ${indicators.id})`;
  const dayOfYear = (date: SQL) => sql`to_char(${date}, 'MM-DD')`;
  const years = sql`extract(year from ${periodEnd}) - extract(year from ${periodStart})`;
  return {
    unit,
    approx: indicators.approx,
    alike: [
      { reason: 'METRIC', value: metric },
      { reason: 'KIND', value: kind },
      { reason: 'STOCK_OR_FLOW', value: stockOrFlow },
      { reason: 'PERIOD', value: period },
      { reason: 'SCOPE', value: limits },
    ],
    alone: sql`case when ${metric} = ${ratios} then 'RATIO' when ${metric} = ${added} then null else 'COUNTED_TWICE' end`,
    overlaps: [
      { reason: 'SAME_SUBJECT', among: (ids) => isAnySubjectTwice(tables, ids) },
      { reason: 'PART_AND_WHOLE', among: (ids) => isAnyPartOfAnother(tables, partsOfSubjects, ids) },
    ],
    comparable: sql`concat_ws(' ', ${metric}, ${kind}, ${unit}, ${stockOrFlow}, ${limits}, ${subjectId},
      ${dayOfYear(sql`${periodStart}`)}, ${dayOfYear(sql`${periodEnd}`)}, ${years})`,
  };
}

/** Selects the figures with these ids. */
const figuresOf = ({ indicators }: SharedTables, ids: SQL): SQL =>
  sql`select ${indicators}.* from unnest(${ids}) as given(id) join ${indicators} on ${indicators.id} = given.id`;

const isAnySubjectTwice = (tables: SharedTables, ids: SQL): SQL => sql`exists (
  select 1 from (${figuresOf(tables, ids)}) as figure
  cross join lateral (values (subject_id), (also_about_id)) as subject(id)
  where subject.id is not null
  group by subject.id having count(*) > 1)`;

/** A figure is part of another one if a source says so, or if its subject is part of the other's subject or lies in it. */
const isAnyPartOfAnother = (tables: SharedTables, partsOfSubjects: PartsOfSubjects, ids: SQL): SQL => {
  const { indicators, regionClosure } = tables;
  const figures = figuresOf(tables, ids);
  const stated = isAnyPart(
    sql`select id from (${figures}) as figure union select subject_id from (${figures}) as figure`,
    sql`select ${indicators.id}, ${indicators.partOfId} from ${indicators} where ${indicators.partOfId} is not null
      union all ${partsOfSubjects}`,
  );
  const liesIn = sql`exists (
    select 1 from (${figures}) as figure
    join ${regionClosure} on ${regionClosure.code} = figure.region_code
    join (${figures}) as whole on whole.subject_id = ${regionClosure.ancestor}
    where whole.subject_id <> figure.subject_id)`;
  return sql`(${stated} or ${liesIn})`;
};
