import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import type { ActionDays, Days, Deadlines } from './days.ts';
import type { Transition, WorkflowTable } from './table.ts';
import type { Workflow } from './workflow.ts';

/** Returns what is wrong in the days of these workflows, each problem as a sentence. */
export const problemsOf = (workflows: readonly Workflow[], deadlines: Deadlines): readonly string[] =>
  workflows.flatMap(({ table }) => [
    ...Object.entries(deadlines.actions?.[table.type] ?? {}).flatMap(([action, days]) =>
      problemsIn(table, action, days),
    ),
    ...Object.keys(deadlines.terms?.[table.type] ?? {})
      .filter((term) => !(term in (table.terms ?? {})))
      .map((term) => `${table.type} has no term ${term}.`),
  ]);

function problemsIn(table: WorkflowTable, action: string, { regions = {}, ...own }: ActionDays): string[] {
  const { type, transitions, kinds: known = [] } = table;
  const named = transitions.filter((each) => each.action === action);
  if (named.length === 0) return [`${type} has no action ${action}.`];
  if (!named.some(({ workingDays }) => typeof workingDays === 'number'))
    return [`${type}.${action} sets no due day, so it has no days.`];
  const kinds = [own, ...Object.values(regions)].flatMap((days) => Object.keys(days.kinds ?? {}));
  return [...new Set(kinds)]
    .filter((kind) => !known.includes(kind))
    .map((kind) => `${type} has no kind ${kind}.`);
}

/** What the days of an action depend on. */
type Measured = { readonly regionCode: string | null; readonly kind: string | null };

/** Returns a transition with the working days that hold for an object: those of its region, else of all, else of the table. */
export async function withDays<T extends Transition>(
  db: Database,
  { table, agency }: Pick<Workflow, 'table' | 'agency'>,
  deadlines: Deadlines | undefined,
  transition: T,
  { regionCode, kind }: Measured,
): Promise<T> {
  const days = deadlines?.actions?.[table.type]?.[transition.action];
  if (!days || typeof transition.workingDays !== 'number') return transition;
  const { regions = {} } = days;
  const region = await nearestOf(db, agency, Object.keys(regions), regionCode);
  const workingDays = daysIn(region === undefined ? {} : regions[region], kind) ?? daysIn(days, kind);
  return workingDays === undefined ? transition : { ...transition, workingDays };
}

const daysIn = ({ days, kinds = {} }: Days = {}, kind: string | null): number | undefined =>
  (kind === null ? undefined : kinds[kind]) ?? days;

/** Without a table of regions, pairs of digits of their codes tell what lies in what (GB/T 2260). */
const nearestByCode = (among: readonly string[], regionCode: string): string | undefined =>
  among
    .filter((each) => regionCode.startsWith(each.replace(/(00)+$/, '')))
    .toSorted((a, b) => b.replace(/(00)+$/, '').length - a.replace(/(00)+$/, '').length)[0];

/** Returns the region among these that is the given one, or the nearest above it. */
export async function nearestOf(
  db: Database,
  { regionClosure: closure }: Workflow['agency'],
  among: readonly string[],
  regionCode: string | null,
): Promise<string | undefined> {
  if (among.length === 0 || regionCode === null) return undefined;
  if (!closure) return nearestByCode(among, regionCode);
  // The deeper a region, the more regions it is in.
  const [row] = await db.execute<{ region: string }>(
    sql`select ${closure.ancestor} as region from ${closure}
      where ${closure.code} = ${regionCode} and ${closure.ancestor} = any(${sql.param(among)}::text[])
      order by (select count(*) from ${closure} as above where above.code = ${closure.ancestor}) desc limit 1`,
  );
  return row?.region;
}
