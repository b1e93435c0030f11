import { type SQL, sql } from 'drizzle-orm';
import { overlapSql } from './additivity.ts';
import { alwaysAdded, baseSql, type Figure, figure, type Measure } from './figure.ts';
import type { List } from './list.ts';

/** Groups of rows, and the figures of each that are computed from its rows. */
interface Groups {
  /** Columns with the keys of the groups. */
  readonly keys: readonly SQL[];
  readonly bases: readonly Figure[];
  /** Returns the statement for the keys and these columns. */
  readonly select: (columns: SQL[]) => SQL;
}

/** Figures that exist only where the figures of the rows may be added. */
const kindsOfSums = ['sum', 'avg', 'approx'];

/**
 * Returns the keys and figures of groups. A sum, a mean and their precision are null where the figures of the rows may not be added; the
 * figure `problem` is the reason.
 */
export function checkedSql({ id }: Pick<List, 'id'>, { keys, bases, select }: Groups): SQL {
  const plain = bases.filter(({ kind }) => kind !== 'problem');
  const measures = checkedMeasures(bases);
  if (measures.length === 0) return select(plain.map(columnOf));

  const checks = measures.flatMap((measure) => [
    columnOf(figure('unlike', measure)),
    ...(measure.additivity.overlaps
      ? [sql`array_agg(${id}) filter (where ${measure.column} is not null) as ${nameOf('ids', measure)}`]
      : []),
  ]);
  const problems = measures.map((measure) => {
    const problem = nameOf('problem', measure);
    if (!measure.additivity.overlaps) return sql`summed.${nameOf('unlike', measure)} as ${problem}`;
    const ids = sql`summed.${nameOf('ids', measure)}`;
    // A single figure is its own sum, even where records contradict each other, such as a park within itself.
    const overlap = sql`case when cardinality(${ids}) > 1 then ${overlapSql(measure.additivity, ids)} end`;
    return sql`coalesce(summed.${nameOf('unlike', measure)}, ${overlap}) as ${problem}`;
  });
  const figures = bases.map((each) => {
    const column = sql.identifier(each.name);
    if (each.kind === 'problem' || !isChecked(each, measures)) return sql`${column}`;
    return sql`case when problems.${nameOf('problem', each.measure)} is null then summed.${column} end as ${column}`;
  });
  // Without `offset 0`, Postgres would compute each problem again wherever it is used.
  return sql`
    select ${listed([...keys, ...figures])}
    from (${select([...plain.map(columnOf), ...checks])}) as summed
    cross join lateral (select ${listed(problems)} offset 0) as problems`;
}

/** Returns the measures whose sums need a check, because a rule could forbid them or the reason is asked for. */
const checkedMeasures = (bases: readonly Figure[]): readonly Measure[] => [
  ...new Set(
    bases.flatMap(({ kind, measure }) => {
      if (!measure) return [];
      const mayFail = measure.additivity !== alwaysAdded && kindsOfSums.includes(kind);
      return mayFail || kind === 'problem' ? [measure] : [];
    }),
  ),
];

const isChecked = ({ kind, measure }: Figure, measures: readonly Measure[]): boolean =>
  measure !== undefined && kindsOfSums.includes(kind) && measures.includes(measure);

const nameOf = (kind: string, measure: Measure | undefined) => sql.identifier(figure(kind, measure).name);
const columnOf = (one: Figure): SQL => sql`${baseSql(one)} as ${sql.identifier(one.name)}`;
const listed = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
