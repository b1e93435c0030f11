import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { given } from '@wenshu/kit/given.ts';
import type { List } from '@wenshu/kit/list.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import type { PageArgs } from '@wenshu/kit/page-args.ts';
import { countOfKind, pageBy, type Relation } from '@wenshu/kit/page-by.ts';
import { honoursIn, subjectsIn } from '@wenshu/kit/parts.ts';
import { referenceTo } from '@wenshu/kit/reference.ts';
import { unitNameZh } from '@wenshu/kit/unit-names.ts';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { campaignQueries, campaignResolvers } from './campaign-resolvers.ts';
import { graph } from './graph.ts';
import {
  announced,
  concerning,
  eventList,
  heldAt,
  hostedBy,
  involving,
  joinedBy,
  madeBy,
  partsOf,
  supportedBy,
  workList,
} from './queries.ts';
import type { HostRole, Resolvers } from './schema-types.ts';
import {
  eventHosts,
  eventLikenesses,
  eventParticipants,
  eventPolicies,
  eventSubjects,
  events,
  workHonours,
  workMakers,
} from './tables.ts';

type Info = GraphQLResolveInfo;

/** Returns the entity in the target columns of a row. */
const target = (
  row: { targetType: string; targetId: string },
  _args: unknown,
  context: Context,
  info: Info,
) => graph.refer(context, info, row.targetType, row.targetId);

/** Returns the rows of a list that belong to the entity of a field. */
const those =
  <Table extends PgTable>(list: List<Table>, relation: Relation) =>
  ({ id }: { id: string }, args: PageArgs, context: Context, info: Info) =>
    pageBy(context, list, relation, id, args, info);

/** Resolves the events that an agency or a Party organisation hosts, in one role or in any. */
const hostedEvents = (
  { id }: { id: string },
  { role, ...args }: PageArgs & { readonly role?: HostRole | null },
  context: Context,
  info: Info,
) => pageBy(context, eventList, hostedBy(role), id, args, info);

export const resolvers: Resolvers = {
  ...campaignResolvers,

  Query: {
    ...campaignQueries,
    event: (_root, { id }, context, info) => oneByKey(context, eventList, info, id),
    events: (_root, args, context, info) => page(context, eventList, args, info),
    work: (_root, { id }, context, info) => oneByKey(context, workList, info, id),
    works: (_root, args, context, info) => page(context, workList, args, info),
    eventIndicators: (_root, args, context, info) => graph.indicatorPage(context, args, info),
  },

  Event: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, eventList, info, id),
    venue: ({ venueId }) => (venueId ? referenceTo('Park', venueId) : null),
    hosts: async (event, _args, context) =>
      nullIfNone(await manyByKey(context, eventHosts, eventHosts.eventId, event.id, eventHosts.seq)),
    hostAgencies: async (event, _args, context) => {
      const hosts = await manyByKey(context, eventHosts, eventHosts.eventId, event.id, eventHosts.seq);
      const ids = hosts.flatMap(({ targetType, targetId }) => (targetType === 'Agency' ? [targetId] : []));
      return nullIfNone([...new Set(ids)].map((id) => referenceTo('Agency', id)));
    },
    attendance: ({ attendanceValue: value, attendanceUnit: unit, attendanceApprox: approx }) =>
      value && unit ? { value, unit, unitZh: unitNameZh(unit), approx: given(approx) } : null,
    participants: async (event, _args, context) =>
      nullIfNone(
        await manyByKey(
          context,
          eventParticipants,
          eventParticipants.eventId,
          event.id,
          eventParticipants.seq,
        ),
      ),
    policies: async (event, _args, context) =>
      nullIfNone(await manyByKey(context, eventPolicies, eventPolicies.eventId, event.id, eventPolicies.seq)),
    partOf: ({ partOfId }, _args, context, info) =>
      partOfId ? referenceByKey(context, eventList, info, partOfId) : null,
    parts: those(eventList, partsOf),
    possiblySameAs: async (event, _args, context, info) => {
      const { eventId, otherId } = eventLikenesses;
      const likenesses = await manyByKey(context, eventLikenesses, eventId, event.id, otherId);
      return likenesses.map((likeness) => referenceByKey(context, eventList, info, likeness.otherId));
    },
    subjects: subjectsIn(eventSubjects),
    indicators: graph.indicatorsOf,
  },

  EventHost: { host: target },

  EventSubject: { subject: target },

  EventParticipant: { participant: target },

  EventPolicy: {
    policy: ({ policyId }) => referenceTo('Policy', policyId),
    measure: ({ measureId }) => (measureId ? referenceTo('Measure', measureId) : null),
  },

  Work: {
    ...graph.record,
    __resolveReference: ({ id }, context, info) => oneByKey(context, workList, info, id),
    makers: async (work, _args, context) =>
      nullIfNone(await manyByKey(context, workMakers, workMakers.workId, work.id, workMakers.seq)),
    honours: honoursIn(workHonours),
    supportPolicy: ({ supportPolicyId }) => (supportPolicyId ? referenceTo('Policy', supportPolicyId) : null),
    events: those(eventList, joinedBy),
    indicators: graph.indicatorsOf,
  },

  WorkMaker: { maker: target },

  Region: {
    events: (region, args, context, info) =>
      pageBy(context, eventList, inRegion(args.includeSubregions), region.code, args, info),
    eventCount: (region, args, context) =>
      countOfKind(context, eventList, announced(inRegion(true)), region.code, args),
    eventIndicators: graph.indicatorsIn,
  },

  Park: { events: those(eventList, heldAt) },

  Enterprise: {
    events: (enterprise, args, context: Context, info: Info) =>
      pageBy(context, eventList, involving(args.role), enterprise.id, args, info),
    works: those(workList, madeBy),
  },

  Agency: { events: hostedEvents, works: those(workList, madeBy) },

  PartyUnit: { events: hostedEvents },

  Policy: { events: those(eventList, concerning), works: those(workList, supportedBy) },
};

const inRegion = (includeSubregions: boolean) =>
  graph.inRegion('events', events.regionCode, includeSubregions);
