import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import { allColumns } from '../columns.ts';
import type { Context } from '../context.ts';
import { whereOf } from '../filter.ts';
import type { List } from '../list.ts';
import { rowsOf } from '../statement.ts';
import type { SharedTables } from '../tables.ts';
import { type Finding, findingOf } from './findings.ts';
import { implies, isWithin, type RegionScope, type Scope, scopeOf } from './implication.ts';
import { type CountedBy, countedOf, type Published } from './published.ts';

type Filter = Readonly<Record<string, unknown>>;
type FigureRow = InferSelectModel<SharedTables['publishedTotals']>;

/** A published figure beside the number of records that it may count. */
export interface PublishedTotal {
  readonly held: number;
  readonly figure: FigureRow;
}

/** How complete the records are for what was asked. */
export interface Completeness extends Finding {
  readonly published: readonly PublishedTotal[];
}

/** What was asked of a list. */
export interface Asked {
  readonly filter: Filter | null | undefined;
  /** The relation to a parent as conditions of the filter. */
  readonly ofParent?: Filter | undefined;
  /** Conditions that the edges to a parent tell anyway, such as the role, so that everybody who asks may count by them. */
  readonly told?: readonly string[] | undefined;
  /** True if rows must meet more than the filter and the parent say. */
  readonly isNarrower: boolean;
  /** Counts the rows that were asked for by parts. */
  readonly count: (parts: readonly Part[]) => Promise<readonly number[]>;
}

/** Rows that meet a further condition. The name is unique for the condition. */
export interface Part {
  readonly name: string;
  readonly where: SQL | undefined;
}

/** Returns the counts of parts, in their order, as a column with an array. */
export const countsOf = (parts: readonly Part[]): SQL =>
  sql`array[${sql.join(
    parts.map(({ where }) => sql`count(*) filter (where ${where ?? sql`true`})`),
    sql`, `,
  )}]::int[] as counts`;

/**
 * Compares the records with the published figures that count them. A figure speaks of what was asked only if all rows that it counts were
 * asked for: so its number of records has no row that the caller may not see.
 */
export async function completenessOf(context: Context, list: List, asked: Asked): Promise<Completeness> {
  if (asksSynthetic(asked.filter)) return { ...findingOf.synthetic, published: [] };
  const figures = asked.isNarrower ? [] : (await figuresOf(context, list)).filter(speaksOf(list, asked));
  if (figures.length === 0) return { ...findingOf.figures([], 0), published: [] };
  const parts = figures.map(({ figure, filter, by, closed }) => ({
    name: figure.id,
    where: closed && !asked.told?.includes(by) ? undefined : whereOf(list, filter),
  }));
  const [held = 0, ...counts] = await asked.count([everything, ...parts]);
  const published = figures.map(({ figure, scope, isWhole }, i) => ({
    held: counts[i] ?? 0,
    figure,
    isOfAll: isWhole && isWithin(scope, all(asked)),
  }));
  // The largest gap comes first.
  published.sort((a, b) => gapOf(b) - gapOf(a) || (a.figure.id < b.figure.id ? -1 : 1));
  return { ...findingOf.figures(published, held), published };
}

const everything: Part = { name: '', where: undefined };

const gapOf = ({ held, figure }: PublishedTotal) => Number(figure.value) - held;

/** True if a filter asks for synthetic rows. */
const asksSynthetic = (filter: Filter | null | undefined): boolean =>
  filter != null &&
  ((filter.synthetic as { eq?: boolean | null } | null | undefined)?.eq === true ||
    ((filter.and ?? []) as Filter[]).some(asksSynthetic));

const all = ({ filter, ofParent }: Asked): Filter => ({ and: [filter ?? {}, ofParent ?? {}] });

const speaksOf =
  (list: List, asked: Asked) =>
  ({ scope, by, closed }: CountedFigure) =>
    implies({ ...scope, values: new Map([...scope.values, ...real]) }, all(asked), list) &&
    (closed !== 'ONLY_IF_ASKED' ||
      asked.told?.includes(by) ||
      isWithin({ ...scope, values: only(scope, by) }, all(asked)));

/** Published figures count real rows. */
const real = new Map([['synthetic', new Set(['false'])]]);

const only = ({ values }: Scope, name: string) => new Map([...values].filter(([each]) => each === name));

interface CountedFigure extends Pick<CountedBy, 'by' | 'closed' | 'isWhole'> {
  readonly figure: FigureRow;
  /** Conditions by which rows are counted. */
  readonly filter: Filter;
  readonly scope: Scope;
}

type Read = FigureRow & { readonly above: string[]; readonly below: string[] };

/** Returns the figures that count rows of a list; of those on the same rows, the latest ones. */
async function figuresOf(context: Context, { type, published }: List): Promise<readonly CountedFigure[]> {
  if (!published) return [];
  const figures = context.batch(`published totals of ${type}`, async (keys: readonly 'all'[]) => {
    const read = latest(countedAmong(await readFigures(context, published), published));
    return keys.map(() => read);
  });
  return figures.load('all');
}

function readFigures(context: Context, { rules, tables }: Published): Promise<Read[]> {
  const { publishedTotals: table, regionClosure } = tables;
  const metrics = sql.param([...new Set(rules.map(({ metric }) => metric))]);
  return rowsOf<Read>(
    context.db,
    sql`select ${allColumns(table)},
        array(select ${regionClosure.ancestor} from ${regionClosure} where ${regionClosure.code} = ${table.regionCode}) as above,
        array(select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${table.regionCode}) as below
      from ${table} where ${table.metric} = any(${metrics}) order by ${table.id}`,
  );
}

const countedAmong = (figures: readonly Read[], { rules }: Published): CountedFigure[] =>
  figures.flatMap((figure) =>
    rules.flatMap((rule) => {
      const counted = countedOf(rule, figure);
      if (!counted) return [];
      const region: RegionScope = { above: new Set(figure.above), below: new Set(figure.below) };
      const { by, isWhole, closed } = rule;
      const { filter } = counted;
      return {
        figure,
        filter,
        scope: scopeOf(counted.scope, region),
        isWhole,
        by,
        ...(closed && { closed }),
      };
    }),
  );

function latest(figures: readonly CountedFigure[]): CountedFigure[] {
  const ofSameRows = Map.groupBy(figures, ({ figure: { metric, subjectId }, scope }) =>
    JSON.stringify([metric, subjectId, [...scope.values].map(([name, values]) => [name, [...values]])]),
  );
  return [...ofSameRows.values()].flatMap((group) => {
    const end = ({ figure }: CountedFigure) => figure.periodEnd ?? '';
    const last = group.map(end).sort().at(-1);
    return group.filter((each) => end(each) === last);
  });
}
