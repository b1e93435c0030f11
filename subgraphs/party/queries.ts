import { hash } from 'node:crypto';
import { type Keyed, keep, known, many } from '@wenshu/kit/by-key.ts';
import { type Columns, columnsFor } from '@wenshu/kit/columns.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { idOfType, nameOrAlias, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { asCondition, type Relation } from '@wenshu/kit/page-by.ts';
import { havingHonours, havingParts, idOf } from '@wenshu/kit/parts.ts';
import { rowsOf, statement } from '@wenshu/kit/statement.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { counted } from './completeness.ts';
import { type CoverageStateRow, coverageList, coverageStates } from './coverage-states.ts';
import {
  brandHonours,
  brandPlans,
  coverageStatements,
  coverages,
  mechanismSubjects,
  meetingRules,
  type PartyUnitRow,
  partyActivities,
  partyBrands,
  partyMechanisms,
  partyUnits,
  regions,
  shared,
  unitHonours,
  unitSubjects,
} from './tables.ts';

/** Selects the pairs of a part and its whole among Party units. */
export const partsOfSubjects = sql`select ${partyUnits.id}, ${partyUnits.parentId} from ${partyUnits} where ${partyUnits.parentId} is not null`;

export const unitList = defineList({
  type: 'PartyUnit',
  table: partyUnits,
  id: partyUnits.id,
  published: { rules: counted.PartyUnit ?? [], tables: shared },
  columns: {
    region: [partyUnits.regionCode],
    parent: [partyUnits.parentId],
    host: [partyUnits.hostId],
  },
  filter: {
    id: partyUnits.id,
    nameZh: nameOrAlias(partyUnits),
    nameEn: partyUnits.nameEn,
    kind: partyUnits.kind,
    region: regionCondition(partyUnits.regionCode, shared),
    parent: partyUnits.parentId,
    host: partyUnits.hostId,
    coverageMode: partyUnits.coverageMode,
    covers: someOf(partyUnits.id, coverages.unitId, coverages.targetId, { type: coverages.targetType }),
    meeting: someOf(partyUnits.id, meetingRules.unitId, meetingRules.kind),
    honours: havingHonours(partyUnits.id, unitHonours),
    subjects: havingParts(partyUnits.id, unitSubjects.ownerId, {
      role: unitSubjects.role,
      agencyId: idOf(unitSubjects.targetId, unitSubjects.targetType, 'Agency'),
    }),
    subjectId: someOf(partyUnits.id, unitSubjects.ownerId, unitSubjects.targetId, {
      type: unitSubjects.targetType,
    }),
    synthetic: partyUnits.synthetic,
    updatedAt: partyUnits.updatedAt,
  },
  orderBy: {
    ID: partyUnits.id,
    NAME: pinyinOrder(partyUnits.nameZh),
    UPDATED_AT: partyUnits.updatedAt,
  },
});

export const brandList = defineList({
  type: 'PartyBrand',
  table: partyBrands,
  id: partyBrands.id,
  columns: {
    region: [partyBrands.regionCode],
    cultivatedBy: [partyBrands.cultivatedById],
    owner: [partyBrands.ownerType, partyBrands.ownerId],
  },
  filter: {
    id: partyBrands.id,
    nameZh: nameOrAlias(partyBrands),
    nameEn: partyBrands.nameEn,
    region: regionCondition(partyBrands.regionCode, shared),
    cultivatedBy: partyBrands.cultivatedById,
    owner: idOfType(partyBrands.ownerId, partyBrands.ownerType),
    honours: havingHonours(partyBrands.id, brandHonours),
    stage: partyBrands.stage,
    synthetic: partyBrands.synthetic,
    updatedAt: partyBrands.updatedAt,
  },
  orderBy: {
    ID: partyBrands.id,
    NAME: pinyinOrder(partyBrands.nameZh),
    UPDATED_AT: partyBrands.updatedAt,
  },
});

export const mechanismList = defineList({
  type: 'PartyMechanism',
  table: partyMechanisms,
  id: partyMechanisms.id,
  columns: {
    region: [partyMechanisms.regionCode],
    proposedBy: [partyMechanisms.proposedById],
  },
  filter: {
    id: partyMechanisms.id,
    nameZh: nameOrAlias(partyMechanisms),
    nameEn: partyMechanisms.nameEn,
    kind: partyMechanisms.kind,
    region: regionCondition(partyMechanisms.regionCode, shared),
    proposedBy: partyMechanisms.proposedById,
    subjects: havingParts(partyMechanisms.id, mechanismSubjects.ownerId, { role: mechanismSubjects.role }),
    subjectId: someOf(partyMechanisms.id, mechanismSubjects.ownerId, mechanismSubjects.targetId, {
      type: mechanismSubjects.targetType,
    }),
    synthetic: partyMechanisms.synthetic,
    updatedAt: partyMechanisms.updatedAt,
  },
  orderBy: {
    ID: partyMechanisms.id,
    NAME: pinyinOrder(partyMechanisms.nameZh),
    UPDATED_AT: partyMechanisms.updatedAt,
  },
});

export const coverageCaseList = defineList({
  type: 'PartyCoverageCase',
  table: coverageStatements,
  id: coverageStatements.id,
  columns: {
    park: [coverageStatements.targetType],
    enterprise: [coverageStatements.targetType],
    region: [coverageStatements.regionCode],
    unit: [coverageStatements.unitId],
  },
  filter: {
    id: coverageStatements.id,
    stage: coverageStatements.stage,
    gap: coverageStatements.gap,
    region: regionCondition(coverageStatements.regionCode, shared),
    dueOn: coverageStatements.dueOn,
    synthetic: coverageStatements.synthetic,
    updatedAt: coverageStatements.updatedAt,
  },
  orderBy: { ID: coverageStatements.id, DUE_ON: coverageStatements.dueOn },
});

export const activityList = defineList({
  type: 'PartyActivity',
  table: partyActivities,
  id: partyActivities.id,
  columns: {
    unit: [partyActivities.unitId],
    host: [partyActivities.hostId],
    region: [partyActivities.regionCode],
  },
  filter: {
    id: partyActivities.id,
    unitId: partyActivities.unitId,
    hostId: partyActivities.hostId,
    meeting: partyActivities.meeting,
    on: partyActivities.on,
    stage: partyActivities.stage,
    region: regionCondition(partyActivities.regionCode, shared),
    synthetic: partyActivities.synthetic,
    updatedAt: partyActivities.updatedAt,
  },
  orderBy: { ID: partyActivities.id, ON: partyActivities.on },
});

export const brandPlanList = defineList({
  type: 'PartyBrandPlan',
  table: brandPlans,
  id: brandPlans.id,
  columns: { region: [brandPlans.regionCode] },
  filter: {
    id: brandPlans.id,
    region: regionCondition(brandPlans.regionCode, shared),
    year: brandPlans.year,
    synthetic: brandPlans.synthetic,
    updatedAt: brandPlans.updatedAt,
  },
  orderBy: { ID: brandPlans.id, YEAR: brandPlans.year },
});

const pointedToBy = (name: string, column: PgColumn, condition: string): Relation => ({
  name,
  asFilter: asCondition(condition),
  belongsTo: (key) => sql`${column} = ${key}`,
});

export const subordinatesOf = pointedToBy('subordinates of unit', partyUnits.parentId, 'parent');
export const unitsOfHost = pointedToBy('units of host', partyUnits.hostId, 'host');
export const brandsOf = pointedToBy('brands of unit', partyBrands.cultivatedById, 'cultivatedBy');
export const activitiesOf = pointedToBy('activities of unit', partyActivities.unitId, 'unitId');
export const mechanismsOf = pointedToBy('mechanisms of unit', partyMechanisms.proposedById, 'proposedBy');

/** A Party organisation that is recorded for a park or enterprise, and whether it covers it or only coordinates there. */
export type RecordedUnit = PartyUnitRow & { covers: boolean };

/**
 * Returns the Party organisations on record for a park or enterprise, with the requested columns. Those that cover nobody come last, and
 * before them those of a whole industry.
 */
export function unitsRecordedFor(
  context: Context,
  targetId: string,
  fields: ReadonlySet<string>,
): Promise<RecordedUnit[]> {
  const columns = columnsFor(unitList, fields);
  const by = coverages.targetId;
  const { name, load } = known<RecordedUnit[]>(columns, by) ?? keep(columns, by, many(recorded(columns)));
  return context.batch(name, load).load(targetId);
}

const coversAny = sql`party.covers(${partyUnits.kind})`;

const recorded = (columns: Columns) =>
  statement<RecordedUnit & Keyed>(
    (targetIds) => sql`
      select ${coverages.targetId} as "key", ${coversAny} as "covers", ${columns.sql}
      from ${coverages} join ${partyUnits} on ${eq(partyUnits.id, coverages.unitId)}
      where ${coverages.targetId} = any(${targetIds})
      order by not ${coversAny}, ${partyUnits.coverageMode} is not distinct from 'INDUSTRY', ${partyUnits.id}`,
  );

export interface RegionParent {
  code: string;
  parent: string | null;
}

export const regionParents = (context: Context): Promise<RegionParent[]> =>
  context
    .batch('parents of regions', async (keys: readonly 'all'[]) => {
      const { code, parentCode: parent } = regions;
      const all = await context.db.select({ code, parent }).from(regions);
      return keys.map(() => all);
    })
    .load('all');

/** What is on record of one park or enterprise. */
export type StateOfTarget = Pick<CoverageStateRow, 'targetId' | 'organisation' | 'work'>;

/** Returns what is on record of all synthetic or all real parks, read once for each state of the records. */
export const statesOfParks = (context: Context, synthetic: boolean): Promise<readonly StateOfTarget[]> =>
  context
    .batch('coverage states of parks', (kinds: readonly boolean[]) =>
      Promise.all(
        kinds.map((kind) =>
          keptRows<StateOfTarget>(
            context,
            `coverage states of parks ${kind}`,
            sql`select ${coverageStates.targetId} as "targetId", ${coverageStates.organisation} as organisation, ${coverageStates.work} as work
              from ${coverageStates} where ${ofKind('Park', kind)}`,
          ),
        ),
      ),
    )
    .load(synthetic);

/** Number of enterprises of a region, as recorded, with the same states. */
export type StatesInRegion = Pick<CoverageStateRow, 'organisation' | 'work'> & {
  code: string;
  count: number;
};

/**
 * Counts the synthetic or the real enterprises on record by region and state, but for those with these ids, once for each state of the
 * records.
 */
export const statesOfEnterprises = (
  context: Context,
  synthetic: boolean,
  uncounted: readonly string[],
): Promise<readonly StatesInRegion[]> =>
  context
    .batch('coverage states of enterprises', (asked: readonly string[]) =>
      Promise.all(
        asked.map((each) => {
          const [kind, ...ids] = JSON.parse(each) as [boolean, ...string[]];
          return keptRows<StatesInRegion>(
            context,
            `coverage states of enterprises ${hash('sha256', each)}`,
            sql`select ${coverageStates.regionCode} as code, ${coverageStates.organisation} as organisation, ${coverageStates.work} as work,
                count(*)::int as count
              from ${coverageStates}
              where ${ofKind('Enterprise', kind)} and ${coverageStates.regionCode} is not null
                and ${coverageStates.targetId} <> all(${sql.param(ids)})
              group by 1, 2, 3`,
          );
        }),
      ),
    )
    .load(JSON.stringify([synthetic, ...uncounted]));

/** Returns rows that are read once for each state of the database; a request has an array of its own. */
const keptRows = async <Row>(context: Context, name: string, query: SQL): Promise<readonly Row[]> => [
  ...(await context.kept.get(context, name, () => rowsOf<Row>(context.db, query))),
];

/** The condition on the id says the same, and before the view puts the records of each target together. */
const ofKind = (type: string, synthetic: boolean) =>
  and(
    eq(coverageStates.targetType, type),
    eq(coverageStates.synthetic, synthetic),
    sql`starts_with(${coverageStates.targetId}, ${syntheticPrefix}) = ${synthetic}`,
  );

/** Lists by the name of their root field. */
export const lists = {
  partyUnits: unitList,
  partyBrands: brandList,
  partyMechanisms: mechanismList,
  partyCoverageRecords: coverageList,
  partyCoverageCases: coverageCaseList,
  partyActivities: activityList,
  partyBrandPlans: brandPlanList,
};
