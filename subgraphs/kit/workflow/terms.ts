import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { Deadlines } from './days.ts';
import { nearestOf } from './deadlines.ts';
import { isWithin } from './situations.ts';
import type { Workflow } from './workflow.ts';

/** The workflow whose table has a term. */
type Owner = Pick<Workflow, 'table' | 'agency'>;

/** The days of a term: for all, and for regions. */
type TermDays = { readonly usual: number; readonly regions: ReadonlyMap<string, number> };

function daysOf({ table }: Owner, deadlines: Deadlines | undefined, name: string): TermDays {
  const term = table.terms?.[name];
  if (!term) throw new Error(`${table.type} has no term ${name}.`);
  const { days = term.days, regions = {} } = deadlines?.terms?.[table.type]?.[name] ?? {};
  const ofRegions = Object.entries(regions).map(([code, own]) => [code, own.days ?? days] as const);
  return { usual: days, regions: new Map(ofRegions) };
}

/** Returns the days of a term in a region: those of the nearest region that has its own, else of all, else of the table. */
export async function termDays(
  db: Database,
  owner: Owner,
  { deadlines }: Pick<Context, 'deadlines'>,
  name: string,
  regionCode: string | null,
): Promise<number> {
  const { usual, regions } = daysOf(owner, deadlines, name);
  const region = await nearestOf(db, owner.agency, [...regions.keys()], regionCode);
  return (region === undefined ? undefined : regions.get(region)) ?? usual;
}

/** Returns what follows from the days of a term, as SQL over rows with a column of their region. */
export function termSql(
  owner: Owner,
  { deadlines }: { readonly deadlines?: Deadlines | undefined },
  name: string,
  regionCode: SQLWrapper,
  sqlOf: (days: number) => SQL,
): SQL {
  const { usual, regions } = daysOf(owner, deadlines, name);
  if (regions.size === 0) return sqlOf(usual);
  const { regionClosure: closure } = owner.agency;
  const otherwise = sqlOf(usual);
  if (!closure) {
    // A longer code is deeper: pairs of digits tell what lies in what.
    const deepestFirst = [...regions].toSorted(([a], [b]) => trimmed(b).length - trimmed(a).length);
    const cases = deepestFirst.map(
      ([code, days]) => sql`when ${isWithin(undefined, sql`${regionCode}`, code)} then ${sqlOf(days)}`,
    );
    return sql`case ${sql.join(cases, sql` `)} else ${otherwise} end`;
  }
  const cases = [...regions].map(([code, days]) => sql`when ${code} then ${sqlOf(days)}`);
  // The deeper a region, the more regions it is in.
  return sql`coalesce((select case ${closure.ancestor} ${sql.join(cases, sql` `)} end from ${closure}
    where ${closure.code} = ${regionCode} and ${closure.ancestor} = any(${sql.param([...regions.keys()])}::text[])
    order by (select count(*) from ${closure} as above where above.code = ${closure.ancestor}) desc limit 1), ${otherwise})`;
}

const trimmed = (code: string) => code.replace(/(00)+$/, '');
