import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { EligibilityCondition } from '@wenshu/kit/candidates.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { countsByRegion } from '@wenshu/kit/counts-by-region.ts';
import { page } from '@wenshu/kit/page.ts';
import type { KindArgs, PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy } from '@wenshu/kit/page-by.ts';
import { reference } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import type { GraphQLResolveInfo } from 'graphql';
import {
  candidateKey,
  candidatesOf,
  inPark,
  ofOwner,
  operatedBy,
  parkList,
  projectList,
  subparksOf,
  underPolicy,
} from './queries.ts';
import {
  type ParkRow,
  type ProjectRow,
  parks,
  projectOwners,
  projectParks,
  projectPolicies,
  projectStages,
  projects,
  shared,
} from './tables.ts';

type Info = GraphQLResolveInfo;

const graph = sharedGraph(shared, [parkList, projectList]);

export const sharedResolvers = graph.resolvers;

/** What this subgraph contributes to those who own projects and operate parks. */
const actor = {
  projects: (owner: { id: string }, args: PageArgs & { role?: string }, context: Context, info: Info) =>
    pageBy(context, projectList, ofOwner(args.role), owner.id, args, info),
  operatedParks: (operator: { id: string }, args: PageArgs, context: Context, info: Info) =>
    pageBy(context, parkList, operatedBy, operator.id, args, info),
};

export const resolvers = {
  Query: {
    park: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, parkList, info, id),
    parks: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, parkList, args, info),
    project: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, projectList, info, id),
    projects: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, projectList, args, info),
    parkIndicators: (_root: unknown, args: IndicatorArgs, context: Context, info: Info) =>
      graph.indicatorPage(context, args, info),
  },

  Park: {
    ...graph.record,
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, parkList, info, id),
    floorArea: (park: ParkRow) =>
      park.floorAreaSqm === null ? null : { sqm: park.floorAreaSqm, approx: park.floorAreaApprox },
    statedTenants: (park: ParkRow) =>
      park.statedTenantCount === null
        ? null
        : { count: park.statedTenantCount, approx: park.statedTenantApprox, scope: park.statedTenantScope },
    revenue: ({ revenue, revenueApprox, revenuePeriodStart, revenuePeriodEnd }: ParkRow) =>
      revenue === null
        ? null
        : {
            yuan: revenue,
            approx: revenueApprox,
            periodStart: revenuePeriodStart,
            periodEnd: revenuePeriodEnd,
          },
    operator: ({ operatorType, operatorId }: ParkRow) =>
      operatorType && operatorId ? reference(operatorType, operatorId) : null,
    parent: (park: ParkRow, _args: unknown, context: Context, info: Info) =>
      park.parentId ? referenceByKey(context, parkList, info, park.parentId) : null,
    subparks: (park: ParkRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, parkList, subparksOf, park.id, args, info),
    projects: (park: ParkRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, projectList, inPark, park.id, args, info),
    indicators: graph.indicatorsOf,
  },

  Project: {
    ...graph.record,
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, projectList, info, id),
    stages: (project: ProjectRow, _args: unknown, context: Context) =>
      manyByKey(context, projectStages, projectStages.projectId, project.id, projectStages.seq),
    owners: async (project: ProjectRow, _args: unknown, context: Context) => {
      const { projectId, seq } = projectOwners;
      const owners = await manyByKey(context, projectOwners, projectId, project.id, seq);
      return owners.map(({ role, ownerType, ownerId }) => ({ role, owner: reference(ownerType, ownerId) }));
    },
    parks: async (project: ProjectRow, _args: unknown, context: Context, info: Info) => {
      const { projectId, seq } = projectParks;
      const stated = await manyByKey(context, projectParks, projectId, project.id, seq);
      return stated.map(({ parkId }) => referenceByKey(context, parkList, info, parkId));
    },
    policies: async (project: ProjectRow, _args: unknown, context: Context) => {
      const { projectId, seq } = projectPolicies;
      const stated = await manyByKey(context, projectPolicies, projectId, project.id, seq);
      return stated.map(({ policyId }) => reference('Policy', policyId));
    },
    indicators: graph.indicatorsOf,
  },

  Region: {
    parksByRegion: (_region: unknown, _args: unknown, context: Context) =>
      countsByRegion(context, parkList, parks.regionCode),
    parks: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, parkList, parksIn(args.includeSubregions), region.code, args, info),
    parkCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, parkList, parksIn(true), region.code, args),
    projects: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, projectList, projectsIn(args.includeSubregions), region.code, args, info),
    projectCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, projectList, projectsIn(true), region.code, args),
    parkIndicators: graph.indicatorsIn,
  },

  Enterprise: actor,

  Agency: actor,

  Policy: {
    projects: (policy: { id: string }, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, projectList, underPolicy, policy.id, args, info),
    candidateParks: (
      policy: { id: string; region?: { code: string } | null; eligibility?: EligibilityCondition[] | null },
      args: PageArgs,
      context: Context,
      info: Info,
    ) =>
      pageBy(
        context,
        parkList,
        { ...candidatesOf, isSynthetic: () => isSyntheticId(policy.id) },
        candidateKey(policy.region?.code, policy.eligibility ?? null),
        args,
        info,
      ),
  },
};

const parksIn = (includeSubregions: boolean) => graph.inRegion('parks', parks.regionCode, includeSubregions);

const projectsIn = (includeSubregions: boolean) =>
  graph.inRegion('projects', projects.regionCode, includeSubregions);
