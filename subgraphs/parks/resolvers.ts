import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import { candidatePage } from '@wenshu/kit/candidates.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { given } from '@wenshu/kit/given.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import type { PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { honoursIn, subjectsIn } from '@wenshu/kit/parts.ts';
import { reference, referenceTo } from '@wenshu/kit/reference.ts';
import { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { countedParks } from './counted-parks.ts';
import { ledgerOfProject, ledgerQueries, ledgerResolvers, ledgersOfAgency } from './ledger-resolvers.ts';
import {
  inPark,
  ofOwner,
  operatedBy,
  parkList,
  parkRegister,
  partsOfSubjects,
  projectList,
  subparksOf,
  underPolicy,
} from './queries.ts';
import type { Resolvers } from './schema-types.ts';
import {
  parkRecognitions,
  parks,
  projectOwners,
  projectParks,
  projectPolicies,
  projectStages,
  projectSubjects,
  projects,
  projectTargets,
  shared,
} from './tables.ts';

type Info = GraphQLResolveInfo;

export const graph = sharedGraph(shared, [parkList, projectList], partsOfSubjects);

/** Fields that this subgraph adds to owners of projects and operators of parks. */
const actor = {
  projects: (
    owner: { id: string },
    args: PageArgs & { role?: string | null },
    context: Context,
    info: Info,
  ) => pageBy(context, projectList, ofOwner(args.role), owner.id, args, info),
  operatedParks: (operator: { id: string }, args: PageArgs, context: Context, info: Info) =>
    pageBy(context, parkList, operatedBy, operator.id, args, info),
};

export const resolvers: Resolvers = {
  Query: {
    park: (_root, { id }, context, info) => oneByKey(context, parkList, info, id),
    parks: (_root, args, context, info) => page(context, parkList, args, info),
    project: (_root, { id }, context, info) => oneByKey(context, projectList, info, id),
    projects: (_root, args, context, info) => page(context, projectList, args, info),
    parkIndicators: (_root, args, context, info) => graph.indicatorPage(context, args, info),
    ...ledgerQueries,
  },

  ...ledgerResolvers({ region: graph.record.region }),

  Park: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, parkList, info, id),
    floorArea: ({ floorAreaSqm: sqm, floorAreaApprox: approx }) =>
      sqm ? { sqm, approx: given(approx) } : null,
    statedTenants: ({ statedTenantCount: count, statedTenantApprox: approx, statedTenantScope: scope }) =>
      count === null ? null : { count, approx: given(approx), scope },
    revenue: ({
      revenue: yuan,
      revenueApprox: approx,
      revenuePeriodStart: periodStart,
      revenuePeriodEnd: periodEnd,
    }) => (yuan ? { yuan, approx: given(approx), periodStart, periodEnd } : null),
    recognitions: honoursIn(parkRecognitions),
    operator: ({ operatorType, operatorId }) =>
      operatorType && operatorId ? reference(operatorType, operatorId) : null,
    parent: (park, _args, context, info) =>
      park.parentId ? referenceByKey(context, parkList, info, park.parentId) : null,
    subparks: (park, args, context, info) => pageBy(context, parkList, subparksOf, park.id, args, info),
    projects: (park, args, context, info) => pageBy(context, projectList, inPark, park.id, args, info),
    indicators: graph.indicatorsOf,
  },

  Project: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, projectList, info, id),
    stages: async (project, _args, context) =>
      nullIfNone(
        await manyByKey(context, projectStages, projectStages.projectId, project.id, projectStages.seq),
      ),
    targets: async (project, _args, context) => {
      const { projectId, seq } = projectTargets;
      const targets = await manyByKey(context, projectTargets, projectId, project.id, seq);
      return nullIfNone(targets);
    },
    subjects: subjectsIn(projectSubjects),
    owners: async (project, _args, context) => {
      const { projectId, seq } = projectOwners;
      const owners = await manyByKey(context, projectOwners, projectId, project.id, seq);
      return nullIfNone(
        owners.map(({ role, ownerType, ownerId }) => ({ role, owner: reference(ownerType, ownerId) })),
      );
    },
    parks: async (project, _args, context, info) => {
      const { projectId, seq } = projectParks;
      const stated = await manyByKey(context, projectParks, projectId, project.id, seq);
      return nullIfNone(stated.map(({ parkId }) => referenceByKey(context, parkList, info, parkId)));
    },
    policies: async (project, _args, context) => {
      const { projectId, seq } = projectPolicies;
      const stated = await manyByKey(context, projectPolicies, projectId, project.id, seq);
      return nullIfNone(stated.map(({ policyId }) => referenceTo('Policy', policyId)));
    },
    indicators: graph.indicatorsOf,
    ...ledgerOfProject,
  },

  ProjectSubject: {
    subject: ({ targetType, targetId }, _args, context, info) =>
      graph.refer(context, info, targetType, targetId),
  },

  Region: {
    parksByRegion: (_region, _args, context) => countedParks(context),
    parks: (region, args, context, info) =>
      pageBy(context, parkList, parksIn(args.includeSubregions), region.code, args, info),
    parkCount: (region, args, context) => countOfKind(context, parkList, parksIn(true), region.code, args),
    projects: (region, args, context, info) =>
      pageBy(context, projectList, projectsIn(args.includeSubregions), region.code, args, info),
    projectCount: (region, args, context) =>
      countOfKind(context, projectList, projectsIn(true), region.code, args),
    parkIndicators: graph.indicatorsIn,
  },

  Enterprise: actor,

  Agency: { ...actor, ...ledgersOfAgency },

  Policy: {
    projects: (policy, args, context, info) =>
      pageBy(context, projectList, underPolicy, policy.id, args, info),
    candidateParks: (policy, { verdict, includeDrafts, ...args }, context, info) =>
      candidatePage(context, parkList, parkRegister, policy, { verdict, includeDrafts }, args, info),
  },
};

const parksIn = (includeSubregions: boolean) => graph.inRegion('parks', parks.regionCode, includeSubregions);

const projectsIn = (includeSubregions: boolean) =>
  graph.inRegion('projects', projects.regionCode, includeSubregions);
