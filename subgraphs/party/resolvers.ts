import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { fieldsAsked } from '@wenshu/kit/fields-asked.ts';
import { page } from '@wenshu/kit/page.ts';
import type { KindArgs, PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { reference } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { coverageOf } from './coverage.ts';
import {
  brandList,
  brandsOf,
  mechanismList,
  mechanismsOf,
  subordinatesOf,
  unitList,
  unitsCovering,
  unitsOfHost,
} from './queries.ts';
import { type RegionWithCounts, regionCoverage } from './region-coverage.ts';
import {
  coverageStatements,
  coverages,
  meetingRules,
  type PartyBrandRow,
  type PartyMechanismRow,
  type PartyUnitRow,
  partyBrands,
  partyMechanisms,
  partyUnits,
  shared,
} from './tables.ts';

type Info = GraphQLResolveInfo;
type Key = { id: string };

const graph = sharedGraph(shared, [unitList, brandList, mechanismList]);

export const sharedResolvers = graph.resolvers;

/** What a park and an enterprise are told of the Party organisations that cover them. */
const covered = {
  partyUnit: async (target: Key, _args: unknown, context: Context, info: Info) => {
    const [unit] = await unitsCovering(context, target.id, fieldsAsked(info, unitList.type));
    return unit ?? null;
  },
  partyUnits: (target: Key, _args: unknown, context: Context, info: Info) =>
    unitsCovering(context, target.id, fieldsAsked(info, unitList.type)),
  partyBrands: (target: Key, _args: unknown, context: Context) =>
    manyByKey(context, partyBrands, partyBrands.ownerId, target.id, partyBrands.id),
  partyCoverage: async (target: Key, _args: unknown, context: Context, info: Info) => {
    const [units, [statement]] = await Promise.all([
      unitsCovering(context, target.id, fieldsAsked(info, unitList.type, 'units')),
      manyByKey(context, coverageStatements, coverageStatements.targetId, target.id),
    ]);
    return coverageOf(units, statement);
  },
};

export const resolvers = {
  Query: {
    partyUnit: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, unitList, info, id),
    partyUnits: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, unitList, args, info),
    partyBrand: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, brandList, info, id),
    partyBrands: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, brandList, args, info),
    partyMechanism: (_root: unknown, { id }: Key, context: Context, info: Info) =>
      oneByKey(context, mechanismList, info, id),
    partyMechanisms: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, mechanismList, args, info),
    partyIndicators: (_root: unknown, args: IndicatorArgs, context: Context, info: Info) =>
      graph.indicatorPage(context, args, info),
  },

  PartyUnit: {
    ...graph.record,
    __resolveReference: ({ id }: Key, context: Context, info: Info) => oneByKey(context, unitList, info, id),
    parent: (unit: PartyUnitRow, _args: unknown, context: Context, info: Info) =>
      unit.parentId ? unitById(context, info, unit.parentId) : null,
    subordinates: (unit: PartyUnitRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, unitList, subordinatesOf, unit.id, args, info),
    host: (unit: PartyUnitRow) => (unit.hostId ? reference('Agency', unit.hostId) : null),
    parks: (unit: PartyUnitRow, _args: unknown, context: Context) => coveredBy(unit, 'Park', context),
    enterprises: (unit: PartyUnitRow, _args: unknown, context: Context) =>
      coveredBy(unit, 'Enterprise', context),
    lifeCycle: async (unit: PartyUnitRow, _args: unknown, context: Context) => {
      const rules = await manyByKey(context, meetingRules, meetingRules.unitId, unit.id, meetingRules.seq);
      // No row means that no source states the rules, not that there are none.
      return rules.length === 0 ? null : rules;
    },
    brands: (unit: PartyUnitRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, brandList, brandsOf, unit.id, args, info),
    mechanisms: (unit: PartyUnitRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, mechanismList, mechanismsOf, unit.id, args, info),
    indicators: graph.indicatorsOf,
  },

  PartyBrand: {
    ...graph.record,
    __resolveReference: ({ id }: Key, context: Context, info: Info) => oneByKey(context, brandList, info, id),
    cultivatedBy: (brand: PartyBrandRow, _args: unknown, context: Context, info: Info) =>
      brand.cultivatedById ? unitById(context, info, brand.cultivatedById) : null,
    owner: (brand: PartyBrandRow) => reference(brand.ownerType, brand.ownerId),
    indicators: graph.indicatorsOf,
  },

  PartyMechanism: {
    ...graph.record,
    __resolveReference: ({ id }: Key, context: Context, info: Info) =>
      oneByKey(context, mechanismList, info, id),
    proposedBy: (mechanism: PartyMechanismRow, _args: unknown, context: Context, info: Info) =>
      mechanism.proposedById ? unitById(context, info, mechanism.proposedById) : null,
    indicators: graph.indicatorsOf,
  },

  Region: {
    partyUnits: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, unitList, unitsIn(args.includeSubregions), region.code, args, info),
    partyUnitCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, unitList, unitsIn(true), region.code, args),
    partyBrands: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, brandList, brandsIn(args.includeSubregions), region.code, args, info),
    partyMechanisms: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, mechanismList, mechanismsIn(args.includeSubregions), region.code, args, info),
    partyIndicators: graph.indicatorsIn,
    partyCoverage: (region: RegionWithCounts, { synthetic }: KindArgs, context: Context) =>
      regionCoverage(region, synthetic, context),
  },

  Park: covered,

  Enterprise: covered,

  Agency: {
    partyUnits: (agency: Key, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, unitList, unitsOfHost, agency.id, args, info),
  },
};

const unitById = (context: Context, info: Info, id: string) =>
  referenceByKey<PartyUnitRow>(context, unitList, info, id);

const coveredBy = async (unit: PartyUnitRow, type: string, context: Context) =>
  (await manyByKey(context, coverages, coverages.unitId, unit.id, coverages.targetId))
    .filter(({ targetType }) => targetType === type)
    .map(({ targetType, targetId }) => reference(targetType, targetId));

const unitsIn = (includeSubregions: boolean) =>
  graph.inRegion('party units', partyUnits.regionCode, includeSubregions);

const brandsIn = (includeSubregions: boolean) =>
  graph.inRegion('party brands', partyBrands.regionCode, includeSubregions);

const mechanismsIn = (includeSubregions: boolean) =>
  graph.inRegion('party mechanisms', partyMechanisms.regionCode, includeSubregions);
