import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { fieldsAsked } from '@wenshu/kit/fields-asked.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { honoursIn, subjectsIn } from '@wenshu/kit/parts.ts';
import { reference, referenceTo } from '@wenshu/kit/reference.ts';
import { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { nothingOnRecord, reasonOf } from './coverage.ts';
import { coverageList, coverageStates } from './coverage-states.ts';
import { isOverdue, lastMeetingOf, summariseBuilding } from './party-life.ts';
import {
  activitiesOf,
  activityList,
  brandList,
  brandPlanList,
  brandsOf,
  coverageCaseList,
  mechanismList,
  mechanismsOf,
  partsOfSubjects,
  subordinatesOf,
  unitList,
  unitsOfHost,
  unitsRecordedFor,
} from './queries.ts';
import { regionCoverage } from './region-coverage.ts';
import type { Resolvers } from './schema-types.ts';
import {
  brandHonours,
  coverages,
  mechanismSubjects,
  meetingRules,
  type PartyUnitRow,
  partyBrands,
  partyMechanisms,
  partyUnits,
  shared,
  unitHonours,
  unitSubjects,
} from './tables.ts';

import { handlingOf, workflowResolvers } from './workflows/resolvers.ts';
import {
  activityWorkflow,
  brandPlanWorkflow,
  brandWorkflow,
  coverageWorkflow,
} from './workflows/workflows.ts';

type Info = GraphQLResolveInfo;
type Key = { id: string };

export const graph = sharedGraph(shared, [unitList, brandList, mechanismList], partsOfSubjects);

/** Fields of a park and an enterprise for the Party organisations that are recorded for them, and their coverage. */
const covered = (type: 'Park' | 'Enterprise') => ({
  partyUnit: async (target: Key, _args: unknown, context: Context, info: Info) => {
    const [unit] = await unitsRecordedFor(context, target.id, fieldsAsked(info, unitList.type));
    return unit ?? null;
  },
  partyUnits: async (target: Key, _args: unknown, context: Context, info: Info) =>
    nullIfNone(await unitsRecordedFor(context, target.id, fieldsAsked(info, unitList.type))),
  partyBrands: async (target: Key, _args: unknown, context: Context) =>
    nullIfNone(await manyByKey(context, partyBrands, partyBrands.ownerId, target.id, partyBrands.id)),
  partyCoverage: async (target: Key, _args: unknown, context: Context) => {
    const [state] = await manyByKey(context, coverageStates, coverageStates.targetId, target.id);
    return state ?? nothingOnRecord(type, target.id);
  },
});

/** Returns the entity in the target columns of a row. */
const target = (
  { targetType, targetId }: { targetType: string; targetId: string },
  _args: unknown,
  context: Context,
  info: Info,
) => graph.refer(context, info, targetType, targetId);

export const resolvers: Resolvers = {
  ...workflowResolvers,

  Query: {
    partyUnit: (_root, { id }, context, info) => oneByKey(context, unitList, info, id),
    partyUnits: (_root, args, context, info) => page(context, unitList, args, info),
    partyBrand: (_root, { id }, context, info) => oneByKey(context, brandList, info, id),
    partyBrands: (_root, args, context, info) => page(context, brandList, args, info),
    partyMechanism: (_root, { id }, context, info) => oneByKey(context, mechanismList, info, id),
    partyMechanisms: (_root, args, context, info) => page(context, mechanismList, args, info),
    partyCoverageCase: (_root, { id }, context, info) => oneByKey(context, coverageCaseList, info, id),
    partyCoverageCases: (_root, args, context, info) => page(context, coverageCaseList, args, info),
    partyActivity: (_root, { id }, context, info) => oneByKey(context, activityList, info, id),
    partyActivities: (_root, args, context, info) => page(context, activityList, args, info),
    partyBrandPlan: (_root, { id }, context, info) => oneByKey(context, brandPlanList, info, id),
    partyBrandPlans: (_root, args, context, info) => page(context, brandPlanList, args, info),
    partyBuildingSummary: (_root, args, context) => summariseBuilding(context, args),
    partyIndicators: (_root, args, context, info) => graph.indicatorPage(context, args, info),
    partyCoverageRecords: (_root, args, context, info) => page(context, coverageList, args, info),
  },

  PartyUnit: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, unitList, info, id),
    parent: (unit, _args, context, info) => (unit.parentId ? unitById(context, info, unit.parentId) : null),
    subordinates: (unit, args, context, info) =>
      pageBy(context, unitList, subordinatesOf, unit.id, args, info),
    host: (unit) => (unit.hostId ? referenceTo('Agency', unit.hostId) : null),
    honours: honoursIn(unitHonours),
    subjects: subjectsIn(unitSubjects),
    parks: (unit, _args, context) => coveredBy(unit, 'Park', context),
    enterprises: (unit, _args, context) => coveredBy(unit, 'Enterprise', context),
    lifeCycle: async (unit, _args, context) => {
      const rules = await manyByKey(context, meetingRules, meetingRules.unitId, unit.id, meetingRules.seq);
      return nullIfNone(rules);
    },
    activities: (unit, args, context, info) =>
      pageBy(context, activityList, activitiesOf, unit.id, args, info),
    brands: (unit, args, context, info) => pageBy(context, brandList, brandsOf, unit.id, args, info),
    mechanisms: (unit, args, context, info) =>
      pageBy(context, mechanismList, mechanismsOf, unit.id, args, info),
    indicators: graph.indicatorsOf,
  },

  PartyBrand: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, brandList, info, id),
    cultivatedBy: (brand, _args, context, info) =>
      brand.cultivatedById ? unitById(context, info, brand.cultivatedById) : null,
    honours: honoursIn(brandHonours),
    owner: (brand) => reference(brand.ownerType, brand.ownerId),
    ...handlingOf(brandWorkflow),
    indicators: graph.indicatorsOf,
  },

  MeetingRule: {
    lastHeldOn: async (rule, _args, context) => (await lastMeetingOf(context, rule))?.lastHeldOn ?? null,
    isOverdue: async (rule, _args, context) => isOverdue(rule, await lastMeetingOf(context, rule)),
  },

  PartyCoverageCase: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, coverageCaseList, info, id),
    park: ({ targetType, id }) => (targetType === 'Park' ? referenceTo('Park', id) : null),
    enterprise: ({ targetType, id }) => (targetType === 'Enterprise' ? referenceTo('Enterprise', id) : null),
    region: graph.record.region,
    unit: ({ unitId }, _args, context, info) => (unitId ? unitById(context, info, unitId) : null),
    ...handlingOf(coverageWorkflow),
  },

  PartyActivity: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, activityList, info, id),
    region: graph.record.region,
    unit: ({ unitId }, _args, context, info) => unitById(context, info, unitId),
    host: ({ hostId }) => (hostId ? referenceTo('Agency', hostId) : null),
    ...handlingOf(activityWorkflow),
  },

  PartyBrandPlan: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, brandPlanList, info, id),
    region: graph.record.region,
    ...handlingOf(brandPlanWorkflow),
  },
  PartyBuildingSummary: { region: graph.record.region },

  PartyMechanism: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, mechanismList, info, id),
    proposedBy: (mechanism, _args, context, info) =>
      mechanism.proposedById ? unitById(context, info, mechanism.proposedById) : null,
    subjects: subjectsIn(mechanismSubjects),
    indicators: graph.indicatorsOf,
  },

  PartyCoverage: {
    units: async ({ targetId }, _args, context, info) =>
      (await unitsRecordedFor(context, targetId, fieldsAsked(info, unitList.type))).filter(
        ({ covers }) => covers,
      ),
    reasonZh: (coverage) => reasonOf(coverage).zh,
    reason: (coverage) => reasonOf(coverage).en,
  },

  PartyCoverageRecord: {
    park: ({ targetType, targetId }) => (targetType === 'Park' ? referenceTo('Park', targetId) : null),
    enterprise: ({ targetType, targetId }) =>
      targetType === 'Enterprise' ? referenceTo('Enterprise', targetId) : null,
    region: graph.record.region,
  },

  RegionCoverageCounts: {
    organisation: ({ count }) => count('organisation'),
    work: ({ count }) => count('work'),
  },
  PartyUnitSubject: { subject: target },

  PartyMechanismSubject: { subject: target },

  Region: {
    partyUnits: (region, args, context, info) =>
      pageBy(context, unitList, unitsIn(args.includeSubregions), region.code, args, info),
    partyUnitCount: (region, args, context) =>
      countOfKind(context, unitList, unitsIn(true), region.code, args),
    partyBrands: (region, args, context, info) =>
      pageBy(context, brandList, brandsIn(args.includeSubregions), region.code, args, info),
    partyMechanisms: (region, args, context, info) =>
      pageBy(context, mechanismList, mechanismsIn(args.includeSubregions), region.code, args, info),
    partyIndicators: graph.indicatorsIn,
    partyCoverage: (region, args, context) => regionCoverage(region, args, context),
  },

  Park: covered('Park'),

  Enterprise: covered('Enterprise'),

  Agency: {
    partyUnits: (agency, args, context, info) =>
      pageBy(context, unitList, unitsOfHost, agency.id, args, info),
  },
};

const unitById = (context: Context, info: Info, id: string) => referenceByKey(context, unitList, info, id);

const coveredBy = async <Type extends string>(unit: PartyUnitRow, type: Type, context: Context) =>
  nullIfNone(
    (await manyByKey(context, coverages, coverages.unitId, unit.id, coverages.targetId))
      .filter(({ targetType }) => targetType === type)
      .map(({ targetId }) => referenceTo(type, targetId)),
  );

const unitsIn = (includeSubregions: boolean) =>
  graph.inRegion('party units', partyUnits.regionCode, includeSubregions);

const brandsIn = (includeSubregions: boolean) =>
  graph.inRegion('party brands', partyBrands.regionCode, includeSubregions);

const mechanismsIn = (includeSubregions: boolean) =>
  graph.inRegion('party mechanisms', partyMechanisms.regionCode, includeSubregions);
