import { type Keyed, keep, known, many } from '@wenshu/kit/by-key.ts';
import { type Columns, columnsFor } from '@wenshu/kit/columns.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { idOfType, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { asCondition, type Relation } from '@wenshu/kit/page-by.ts';
import { rowsOf, statement } from '@wenshu/kit/statement.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { eq, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { counted } from './completeness.ts';
import {
  coverages,
  meetingRules,
  type PartyUnitRow,
  partyBrands,
  partyMechanisms,
  partyUnits,
  regions,
  shared,
} from './tables.ts';

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

const pointedToBy = (name: string, column: PgColumn, condition: string): Relation => ({
  name,
  asFilter: asCondition(condition),
  belongsTo: (key) => sql`${column} = ${key}`,
});

export const subordinatesOf = pointedToBy('subordinates of unit', partyUnits.parentId, 'parent');
export const unitsOfHost = pointedToBy('units of host', partyUnits.hostId, 'host');
export const brandsOf = pointedToBy('brands of unit', partyBrands.cultivatedById, 'cultivatedBy');
export const mechanismsOf = pointedToBy('mechanisms of unit', partyMechanisms.proposedById, 'proposedBy');

/**
 * Returns the Party organisations on record that cover a park or enterprise, with the requested columns. Organisations of a whole industry
 * come last.
 */
export function unitsCovering(
  context: Context,
  targetId: string,
  fields: ReadonlySet<string>,
): Promise<PartyUnitRow[]> {
  const columns = columnsFor(unitList, fields);
  const by = coverages.targetId;
  const { name, load } = known<PartyUnitRow[]>(columns, by) ?? keep(columns, by, many(covering(columns)));
  return context.batch(name, load).load(targetId);
}

const covering = (columns: Columns) =>
  statement<PartyUnitRow & Keyed>(
    (targetIds) => sql`
      select ${coverages.targetId} as "key", ${partyUnits.coverageMode} as "coverageMode", ${columns.sql}
      from ${coverages} join ${partyUnits} on ${eq(partyUnits.id, coverages.unitId)}
      where ${coverages.targetId} = any(${targetIds})
      order by ${partyUnits.coverageMode} is not distinct from 'INDUSTRY', ${partyUnits.id}`,
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

/** Number of parks and enterprises that the Party organisations of each region cover, without those of regions below it. */
export type CoveredByRegion = Readonly<Record<'Park' | 'Enterprise', Readonly<Record<string, number>>>>;

/**
 * Counts coverage by region. A park or enterprise that organisations of several regions cover counts in one of them, so that the parts of
 * a region add up.
 */
export const coveredByRegion = (context: Context, synthetic: boolean): Promise<CoveredByRegion> =>
  context
    .batch('covered by region', async (kinds: readonly boolean[]) => {
      const rows = await rowsOf<{ kind: boolean; type: string; code: string; count: number }>(
        context.db,
        sql`select kind, type, code, count(*)::int as count
          from (
            select ${partyUnits.synthetic} as kind, ${coverages.targetType} as type, min(${partyUnits.regionCode}) as code
            from ${coverages} join ${partyUnits} on ${eq(partyUnits.id, coverages.unitId)}
            where ${partyUnits.regionCode} is not null and ${partyUnits.synthetic} = any(${sql.param(kinds.map(String))}::text[]::boolean[])
            group by 1, 2, ${coverages.targetId}
          ) as covered
          group by 1, 2, 3`,
      );
      const of = (kind: boolean, type: string) =>
        Object.fromEntries(
          rows.flatMap((row) => (row.kind === kind && row.type === type ? [[row.code, row.count]] : [])),
        );
      return kinds.map((kind) => ({ Park: of(kind, 'Park'), Enterprise: of(kind, 'Enterprise') }));
    })
    .load(synthetic);

/** Lists by the name of their root field. */
export const lists = { partyUnits: unitList, partyBrands: brandList, partyMechanisms: mechanismList };
