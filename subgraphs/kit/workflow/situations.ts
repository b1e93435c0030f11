import type { Caller } from '@wenshu/schema/caller.ts';
import { standardCalendar } from '@wenshu/schema/working-days.ts';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { allowedActions, type Situation } from './decide.ts';
import type { ConditionRules, Workflow } from './workflow.ts';

/** The agency for which a caller acts. */
export const agencyOf = (caller: Caller | undefined): string | undefined =>
  caller?.kind === 'department' ? caller.agency : undefined;

type Facts = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly enterpriseId: string | null;
  readonly isInRegion: boolean;
  readonly relations: readonly string[];
  readonly conditions: readonly string[];
  readonly authors: Readonly<Record<string, readonly string[]>>;
};

/** Returns the caller's part in each of these objects, by id. One statement finds all. */
export async function situationsOf(
  db: Database,
  workflow: Pick<
    Workflow,
    'objects' | 'enterpriseId' | 'relations' | 'departmentRelations' | 'conditions' | 'steps' | 'agency'
  >,
  ids: readonly string[],
  caller: Caller | undefined,
  rules: ConditionRules = { calendar: standardCalendar },
): Promise<ReadonlyMap<string, Situation>> {
  if (ids.length === 0) return new Map();
  const { objects, steps, enterpriseId, conditions = {} } = workflow;
  const held = relationsOf(workflow, caller);
  const facts = await db.execute<Facts>(
    sql`select ${objects.id} as id, ${objects.stage} as stage, ${objects.version} as version,
        ${enterpriseId ?? sql`null`} as "enterpriseId",
        ${inRegion(workflow, caller)} as "isInRegion",
        ${namesThatHold(held)} as relations,
        ${namesThatHold(mapped(conditions, (holds) => holds(rules)))} as conditions,
        (select coalesce(jsonb_object_agg(action, authors), '{}'::jsonb) from (
          select ${steps.action} as action, jsonb_agg(distinct ${steps.author}) as authors from ${steps}
          where ${steps.objectId} = ${objects.id} and ${steps.action} is not null and ${steps.author} is not null
          group by ${steps.action}) as taken) as authors
      from ${objects} where ${objects.id} = any(${sql.param(ids)}::text[])`,
  );
  return new Map(facts.map((each) => [each.id, situationOf(each, caller)]));
}

/** Returns the condition of each relation that the caller's agency and department may have to an object. */
export function relationsOf(
  { relations, departmentRelations = {} }: Pick<Workflow, 'relations' | 'departmentRelations'>,
  caller: Caller | undefined,
): Readonly<Record<string, SQL>> {
  if (caller?.kind !== 'department') return {};
  const { agency, department } = caller;
  return {
    ...(agency !== undefined && mapped(relations, (relation) => relation(agency))),
    ...mapped(departmentRelations, (relation) => relation(department)),
  };
}

const situationOf = (facts: Facts, caller: Caller | undefined): Situation => ({
  stage: facts.stage,
  version: facts.version,
  isInRegion: facts.isInRegion,
  relations: new Set(facts.relations),
  conditions: new Set(facts.conditions),
  isOwnEnterprise: caller?.kind === 'partner' && caller.enterpriseId === facts.enterpriseId,
  authors: new Map(Object.entries(facts.authors)),
});

/** Returns the condition that an object is in the region that the caller is limited to, or below it. */
export function inRegion(
  { agency, objects }: Pick<Workflow, 'agency' | 'objects'>,
  caller: Caller | undefined,
): SQL {
  const limit = caller?.kind === 'department' ? caller.region : undefined;
  return limit === undefined ? sql`true` : isWithin(agency.regionClosure, sql`${objects.regionCode}`, limit);
}

/** Without a table of regions their codes tell what lies in what: pairs of digits for province, city, district (GB/T 2260). */
export const isWithin = (closure: Workflow['agency']['regionClosure'], code: SQL, limit: string): SQL =>
  closure
    ? sql`exists (select 1 from ${closure} where ${closure.ancestor} = ${limit} and ${closure.code} = ${code})`
    : sql`coalesce(${code} like ${`${limit.replace(/(00)+$/, '')}%`}, false)`;

const namesThatHold = (conditions: Readonly<Record<string, SQL>>): SQL => {
  const names = Object.entries(conditions).map(
    ([name, holds]) => sql`case when ${holds} then ${name}::text end`,
  );
  return names.length === 0
    ? sql`'[]'::jsonb`
    : sql`to_jsonb(array_remove(array[${sql.join(names, sql`, `)}], null))`;
};

const mapped = <From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));

/** What an object will be about before it is made. */
export type Intended = {
  readonly regionCode: string | null;
  readonly enterpriseId?: string | null;
  /** Its kind, where days can differ by kind. */
  readonly kind?: string | null;
  /** The relations that the caller's agency will have to it. */
  readonly relations?: readonly string[];
};

/** Returns the caller's part in an object that is not made yet. */
export async function situationBefore(
  db: Database,
  { agency: { regionClosure } }: Pick<Workflow, 'agency'>,
  caller: Caller | undefined,
  { regionCode, enterpriseId = null, relations = [] }: Intended,
): Promise<Situation> {
  const limit = caller?.kind === 'department' ? caller.region : undefined;
  const [row] =
    limit === undefined
      ? [{ isWithin: true }]
      : await db.execute<{ isWithin: boolean }>(
          sql`select ${isWithin(regionClosure, sql`${regionCode}::text`, limit)} as "isWithin"`,
        );
  return {
    stage: undefined,
    version: undefined,
    isInRegion: row?.isWithin ?? false,
    relations: new Set(relations),
    conditions: new Set(),
    isOwnEnterprise:
      caller?.kind === 'partner' && enterpriseId !== null && caller.enterpriseId === enterpriseId,
    authors: new Map(),
  };
}

/** Returns the actions that the caller may carry out on an object now. One batch finds those of all objects. */
export const allowedActionsOf = <Action extends string>(
  context: Context,
  workflow: Workflow<string, Action>,
  id: string,
): Promise<readonly Action[]> =>
  context
    .batch<string, readonly Action[]>(`actions of ${workflow.table.type}`, async (ids, db) => {
      const { caller } = context;
      const situations = await situationsOf(db, workflow, ids, caller, context);
      return ids.map((each) => {
        const situation = situations.get(each);
        return situation ? allowedActions(workflow.table, caller, situation) : [];
      });
    })
    .load(id);
