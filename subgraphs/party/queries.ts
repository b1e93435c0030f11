import { type Keyed, keep, known, many } from '@wenshu/kit/by-key.ts';
import { type Columns, columnsFor } from '@wenshu/kit/columns.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { idOfType, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page.ts';
import { statement } from '@wenshu/kit/statement.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { eq, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import {
  coverages,
  meetingRules,
  type PartyUnitRow,
  partyBrands,
  partyMechanisms,
  partyUnits,
  regionClosure,
  shared,
} from './tables.ts';

export const unitList = defineList({
  type: 'PartyUnit',
  table: partyUnits,
  id: partyUnits.id,
  columns: {
    region: [partyUnits.regionCode],
    parent: [partyUnits.parentId],
    host: [partyUnits.hostId],
  },
  filter: {
    id: partyUnits.id,
    nameZh: partyUnits.nameZh,
    nameEn: partyUnits.nameEn,
    kind: partyUnits.kind,
    region: regionCondition(partyUnits.regionCode, shared),
    parent: partyUnits.parentId,
    host: partyUnits.hostId,
    coverageMode: partyUnits.coverageMode,
    covers: someOf(partyUnits.id, coverages.unitId, coverages.targetId, { type: coverages.targetType }),
    meeting: someOf(partyUnits.id, meetingRules.unitId, meetingRules.kind),
    synthetic: partyUnits.synthetic,
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
    nameZh: partyBrands.nameZh,
    nameEn: partyBrands.nameEn,
    region: regionCondition(partyBrands.regionCode, shared),
    cultivatedBy: partyBrands.cultivatedById,
    owner: idOfType(partyBrands.ownerId, partyBrands.ownerType),
    synthetic: partyBrands.synthetic,
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
    nameZh: partyMechanisms.nameZh,
    nameEn: partyMechanisms.nameEn,
    kind: partyMechanisms.kind,
    region: regionCondition(partyMechanisms.regionCode, shared),
    proposedBy: partyMechanisms.proposedById,
    synthetic: partyMechanisms.synthetic,
  },
  orderBy: {
    ID: partyMechanisms.id,
    NAME: pinyinOrder(partyMechanisms.nameZh),
    UPDATED_AT: partyMechanisms.updatedAt,
  },
});

const pointedToBy = (name: string, column: PgColumn): Relation => ({
  name,
  belongsTo: (key) => sql`${column} = ${key}`,
});

export const subordinatesOf = pointedToBy('subordinates of unit', partyUnits.parentId);
export const unitsOfHost = pointedToBy('units of host', partyUnits.hostId);
export const brandsOf = pointedToBy('brands of unit', partyBrands.cultivatedById);
export const mechanismsOf = pointedToBy('mechanisms of unit', partyMechanisms.proposedById);

/** A Party organisation that covers a park or enterprise. */
export type CoveringUnit = Pick<PartyUnitRow, 'id' | 'coverageMode'>;

/**
 * The Party organisations on record as covering a park or enterprise, with what is asked of them; those of a whole
 * industry come last.
 */
export function unitsCovering(
  context: Context,
  targetId: string,
  fields: ReadonlySet<string>,
): Promise<CoveringUnit[]> {
  const columns = columnsFor(unitList, fields);
  const by = coverages.targetId;
  const { name, load } = known<CoveringUnit[]>(columns, by) ?? keep(columns, by, many(covering(columns)));
  return context.batch(name, load).load(targetId);
}

const covering = (columns: Columns) =>
  statement<CoveringUnit & Keyed>(
    (targetIds) => sql`
      select ${coverages.targetId} as "key", ${partyUnits.coverageMode} as "coverageMode", ${columns.sql}
      from ${coverages} join ${partyUnits} on ${eq(partyUnits.id, coverages.unitId)}
      where ${coverages.targetId} = any(${targetIds})
      order by ${partyUnits.coverageMode} is not distinct from 'INDUSTRY', ${partyUnits.id}`,
  );

/** How many parks and enterprises are covered by Party organisations that lie in a region or below it. */
export interface CoveredIn {
  parks: number;
  enterprises: number;
}

export const coveredIn = (context: Context, regionCode: string): Promise<CoveredIn> =>
  context
    .batch<string, CoveredIn>('covered in region', async (codes) => {
      const distinct = (type: string) =>
        sql<number>`(count(distinct ${coverages.targetId}) filter (where ${eq(coverages.targetType, type)}))::int`;
      const rows = await context.db
        .select({
          code: regionClosure.ancestor,
          parks: distinct('Park'),
          enterprises: distinct('Enterprise'),
        })
        .from(regionClosure)
        .innerJoin(partyUnits, eq(partyUnits.regionCode, regionClosure.code))
        .innerJoin(coverages, eq(coverages.unitId, partyUnits.id))
        .where(sql`${regionClosure.ancestor} = any(${sql.param(codes)}::text[])`)
        .groupBy(regionClosure.ancestor);
      const byCode = new Map(rows.map((row) => [row.code, row]));
      return codes.map((code) => byCode.get(code) ?? { parks: 0, enterprises: 0 });
    })
    .load(regionCode);

/** By the names of their fields at the root. */
export const lists = { partyUnits: unitList, partyBrands: brandList, partyMechanisms: mechanismList };
