import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import type { List } from '@wenshu/kit/list.ts';
import { page } from '@wenshu/kit/page.ts';
import type { KindArgs, PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy, type Relation } from '@wenshu/kit/page-by.ts';
import { reference } from '@wenshu/kit/reference.ts';
import { type IndicatorArgs, type RegionListArgs, sharedGraph } from '@wenshu/kit/shared.ts';
import type { GraphQLResolveInfo } from 'graphql';
import {
  announced,
  concerning,
  eventList,
  heldAt,
  hostedBy,
  type Involvement,
  involving,
  joinedBy,
  madeBy,
  partsOf,
  supportedBy,
  workList,
} from './queries.ts';
import {
  type EventPolicyRow,
  type EventRow,
  eventHosts,
  eventLikenesses,
  eventParticipants,
  eventPolicies,
  events,
  shared,
  type WorkRow,
  workMakers,
} from './tables.ts';

type Info = GraphQLResolveInfo;

const graph = sharedGraph(shared, [eventList, workList]);

export const sharedResolvers = graph.resolvers;

/** What the target columns of a row point to. */
const target = (
  row: { targetType: string; targetId: string },
  _args: unknown,
  context: Context,
  info: Info,
) => graph.refer(context, info, row.targetType, row.targetId);

/** The rows of a list that belong to the entity a field is on. */
const those =
  (list: List, relation: Relation) =>
  ({ id }: { id: string }, args: PageArgs, context: Context, info: Info) =>
    pageBy(context, list, relation, id, args, info);

export const resolvers = {
  Query: {
    event: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, eventList, info, id),
    events: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, eventList, args, info),
    work: (_root: unknown, { id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, workList, info, id),
    works: (_root: unknown, args: PageArgs, context: Context, info: Info) =>
      page(context, workList, args, info),
    eventIndicators: (_root: unknown, args: IndicatorArgs, context: Context, info: Info) =>
      graph.indicatorPage(context, args, info),
  },

  Event: {
    ...graph.record,
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, eventList, info, id),
    venue: ({ venueId }: EventRow) => (venueId ? reference('Park', venueId) : null),
    hosts: (event: EventRow, _args: unknown, context: Context) =>
      manyByKey(context, eventHosts, eventHosts.eventId, event.id, eventHosts.seq),
    attendance: ({ attendanceValue, attendanceUnit, attendanceApprox }: EventRow) =>
      attendanceValue === null
        ? null
        : { value: attendanceValue, unit: attendanceUnit, approx: attendanceApprox },
    participants: (event: EventRow, _args: unknown, context: Context) =>
      manyByKey(context, eventParticipants, eventParticipants.eventId, event.id, eventParticipants.seq),
    policies: (event: EventRow, _args: unknown, context: Context) =>
      manyByKey(context, eventPolicies, eventPolicies.eventId, event.id, eventPolicies.seq),
    partOf: ({ partOfId }: EventRow, _args: unknown, context: Context, info: Info) =>
      partOfId ? referenceByKey(context, eventList, info, partOfId) : null,
    parts: those(eventList, partsOf),
    possiblySameAs: async (event: EventRow, _args: unknown, context: Context, info: Info) => {
      const { eventId, otherId } = eventLikenesses;
      const likenesses = await manyByKey(context, eventLikenesses, eventId, event.id, otherId);
      return likenesses.map((likeness) => referenceByKey(context, eventList, info, likeness.otherId));
    },
    indicators: graph.indicatorsOf,
  },

  EventHost: { host: target },

  EventParticipant: { participant: target },

  EventPolicy: {
    policy: ({ policyId }: EventPolicyRow) => reference('Policy', policyId),
    measure: ({ measureId }: EventPolicyRow) => (measureId ? reference('Measure', measureId) : null),
  },

  Work: {
    ...graph.record,
    __resolveReference: ({ id }: { id: string }, context: Context, info: Info) =>
      oneByKey(context, workList, info, id),
    makers: (work: WorkRow, _args: unknown, context: Context) =>
      manyByKey(context, workMakers, workMakers.workId, work.id, workMakers.seq),
    supportPolicy: ({ supportPolicyId }: WorkRow) =>
      supportPolicyId ? reference('Policy', supportPolicyId) : null,
    events: those(eventList, joinedBy),
    indicators: graph.indicatorsOf,
  },

  WorkMaker: { maker: target },

  Region: {
    events: (region: { code: string }, args: RegionListArgs, context: Context, info: Info) =>
      pageBy(context, eventList, inRegion(args.includeSubregions), region.code, args, info),
    eventCount: (region: { code: string }, args: KindArgs, context: Context) =>
      countOfKind(context, eventList, announced(inRegion(true)), region.code, args),
    eventIndicators: graph.indicatorsIn,
  },

  Park: { events: those(eventList, heldAt) },

  Enterprise: {
    events: (
      enterprise: { id: string },
      args: PageArgs & { role?: Involvement },
      context: Context,
      info: Info,
    ) => pageBy(context, eventList, involving(args.role), enterprise.id, args, info),
    works: those(workList, madeBy),
  },

  Agency: { events: those(eventList, hostedBy), works: those(workList, madeBy) },

  PartyUnit: { events: those(eventList, hostedBy) },

  Policy: { events: those(eventList, concerning), works: those(workList, supportedBy) },
};

const inRegion = (includeSubregions: boolean) =>
  graph.inRegion('events', events.regionCode, includeSubregions);
