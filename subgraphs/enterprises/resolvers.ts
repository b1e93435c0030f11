import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { countBy, type PageArgs, page, pageBy } from '@wenshu/kit/page.ts';
import { reference } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import { creditCodeProblem } from '@wenshu/schema/credit-code.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { GraphQLResolveInfo } from 'graphql';
import {
  candidateKey,
  candidatesOf,
  type EligibilityCondition,
  enterpriseList,
  membersOf,
  ofPark,
} from './queries.ts';
import {
  type EnterpriseRow,
  enterpriseGroups,
  enterpriseParks,
  enterprises,
  enterpriseTiers,
  shared,
} from './tables.ts';

type Info = GraphQLResolveInfo;

const graph = sharedGraph(shared, [enterpriseList]);

export const sharedResolvers = graph.resolvers;

export const resolvers = {
  Query: {
    enterprise: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, enterpriseList, info, id),
    enterpriseByCreditCode: (
      _root: unknown,
      { creditCode }: { creditCode: string },
      context: Context,
      info: Info,
    ) => {
      const problem = creditCodeProblem(creditCode);
      if (problem) throw badInput('creditCode', problem);
      return oneByKey(context, enterpriseList, info, creditCode, enterprises.creditCode);
    },
    enterprises: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, enterpriseList, args, info),
    region: (_root: unknown, { code }: { code: string }, context: Context, info: Info) =>
      graph.region(context, info, code),
    regions: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      graph.regionPage(context, args, info),
    indicators: (_root: unknown, args: IndicatorArgs, context: Context, info: Info) =>
      graph.indicatorPage(context, args, info),
  },

  Enterprise: {
    ...graph.record,
    __resolveReference: (key: { id: string } | { creditCode: string }, context: Context, info: Info) =>
      'id' in key
        ? oneByKey(context, enterpriseList, info, key.id)
        : oneByKey(context, enterpriseList, info, key.creditCode, enterprises.creditCode),
    tiers: async (enterprise: EnterpriseRow, _args: unknown, context: Context) => {
      const { enterpriseId, seq } = enterpriseTiers;
      const tiers = await manyByKey(context, enterpriseTiers, enterpriseId, enterprise.id, seq);
      // No row is an answer only where the register was checked: missing data is not "none".
      return tiers.length === 0 && !enterprise.tiersCheckedOn ? null : tiers;
    },
    park: async (enterprise: EnterpriseRow, _args: unknown, context: Context) => {
      const tenancy = (await parksOf(enterprise, context)).find(({ role }) => role === 'TENANT');
      return tenancy ? reference('Park', tenancy.parkId) : null;
    },
    parks: async (enterprise: EnterpriseRow, _args: unknown, context: Context) =>
      (await parksOf(enterprise, context)).map(({ role, parkId }) => ({
        role,
        park: reference('Park', parkId),
      })),
    groups: async (enterprise: EnterpriseRow, _args: unknown, context: Context, info: Info) => {
      const { enterpriseId, groupId } = enterpriseGroups;
      const groups = await manyByKey(context, enterpriseGroups, enterpriseId, enterprise.id, groupId);
      return groups.map((group) => referenceByKey(context, enterpriseList, info, group.groupId));
    },
    members: (enterprise: EnterpriseRow, args: PageArgs, context: Context, info: Info) =>
      pageBy(context, enterpriseList, membersOf, enterprise.id, args, info),
    indicators: graph.indicatorsOf,
  },

  Region: {
    enterprises: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, enterpriseList, inRegion(args.includeSubregions), region.code, args, info),
    enterpriseCount: (region: { code: string }, _args: unknown, context: Context) =>
      countBy(context, enterpriseList, inRegion(true), region.code),
    indicators: graph.indicatorsIn,
  },

  Park: {
    enterprises: (park: { id: string }, args: PageArgs & { role?: string }, context: Context, info: Info) =>
      pageBy(context, enterpriseList, ofPark(args.role), park.id, args, info),
  },

  Policy: {
    candidateEnterprises: (
      policy: { region?: { code: string } | null; eligibility?: EligibilityCondition[] | null },
      args: PageArgs,
      context: Context,
      info: Info,
    ) =>
      pageBy(
        context,
        enterpriseList,
        candidatesOf,
        candidateKey(policy.region?.code, policy.eligibility ?? null),
        args,
        info,
      ),
  },
};

const inRegion = (includeSubregions: boolean) =>
  graph.inRegion('enterprises', enterprises.regionCode, includeSubregions);

const parksOf = (enterprise: EnterpriseRow, context: Context) =>
  manyByKey(context, enterpriseParks, enterpriseParks.enterpriseId, enterprise.id, enterpriseParks.parkId);
