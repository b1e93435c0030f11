import { regionCondition, someOf, someOfEither } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page-by.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { eq, type SQL, sql } from 'drizzle-orm';
import { counted } from './completeness.ts';
import { eventHosts, eventParticipants, eventPolicies, events, shared, workMakers, works } from './tables.ts';

export const eventList = defineList({
  type: 'Event',
  table: events,
  id: events.id,
  published: { rules: counted.Event ?? [], tables: shared },
  columns: {
    region: [events.regionCode],
    venue: [events.venueId],
    attendance: [events.attendanceValue, events.attendanceUnit, events.attendanceApprox],
    partOf: [events.partOfId],
  },
  filter: {
    id: events.id,
    nameZh: events.nameZh,
    nameEn: events.nameEn,
    kind: events.kind,
    status: events.status,
    startDate: events.startDate,
    endDate: events.endDate,
    year: events.year,
    frequency: events.frequency,
    region: regionCondition(events.regionCode, shared),
    venueId: events.venueId,
    partOfId: events.partOfId,
    hostId: someOf(events.id, eventHosts.eventId, eventHosts.targetId, { type: eventHosts.targetType }),
    participantId: someOf(events.id, eventParticipants.eventId, eventParticipants.targetId, {
      type: eventParticipants.targetType,
    }),
    enterpriseId: someOfEither(
      someOf(events.id, eventHosts.eventId, eventHosts.targetId, {
        counted: eq(eventHosts.targetType, 'Enterprise'),
      }),
      someOf(events.id, eventParticipants.eventId, eventParticipants.targetId, {
        counted: eq(eventParticipants.targetType, 'Enterprise'),
      }),
    ),
    policyId: someOf(events.id, eventPolicies.eventId, eventPolicies.policyId),
    synthetic: events.synthetic,
  },
  orderBy: {
    ID: events.id,
    NAME: pinyinOrder(events.nameZh),
    START_DATE: events.startDate,
    UPDATED_AT: events.updatedAt,
  },
});

export const workList = defineList({
  type: 'Work',
  table: works,
  id: works.id,
  columns: { supportPolicy: [works.supportPolicyId] },
  filter: {
    id: works.id,
    nameZh: works.nameZh,
    nameEn: works.nameEn,
    kind: works.kind,
    makerId: someOf(works.id, workMakers.workId, workMakers.targetId, { type: workMakers.targetType }),
    supportPolicyId: works.supportPolicyId,
    synthetic: works.synthetic,
    // Works have no region; this filter is for look-ups only.
    region: () => sql`false`,
  },
  orderBy: {
    ID: works.id,
    NAME: pinyinOrder(works.nameZh),
    UPDATED_AT: works.updatedAt,
  },
});

const isAmong = (...ids: SQL[]): SQL => sql`${events.id} in (${sql.join(ids, sql` union all `)})`;
const hosted = (host: SQL): SQL =>
  sql`select ${eventHosts.eventId} from ${eventHosts} where ${eventHosts.targetId} = ${host}`;
const joined = (participant: SQL): SQL =>
  sql`select ${eventParticipants.eventId} from ${eventParticipants} where ${eventParticipants.targetId} = ${participant}`;

export const hostedBy: Relation = {
  name: 'events hosted by',
  belongsTo: (hostId) => isAmong(hosted(hostId)),
};

export const joinedBy: Relation = {
  name: 'events joined by',
  belongsTo: (participantId) => isAmong(joined(participantId)),
};

const hostedOrJoinedBy: Relation = {
  name: 'events hosted or joined by',
  belongsTo: (id) => isAmong(hosted(id), joined(id)),
};

export type Involvement = 'HOSTED' | 'TOOK_PART';

/** Relation to the events in which an enterprise has this role, or any role. */
export const involving = (role: Involvement | null | undefined): Relation =>
  role === 'HOSTED' ? hostedBy : role === 'TOOK_PART' ? joinedBy : hostedOrJoinedBy;

export const heldAt: Relation = {
  name: 'events held at',
  belongsTo: (parkId) => sql`${events.venueId} = ${parkId}`,
};

export const partsOf: Relation = {
  name: 'parts of event',
  belongsTo: (eventId) => sql`${events.partOfId} = ${eventId}`,
};

export const concerning: Relation = {
  name: 'events concerning policy',
  belongsTo: (policyId) =>
    isAmong(
      sql`select ${eventPolicies.eventId} from ${eventPolicies} where ${eventPolicies.policyId} = ${policyId}`,
    ),
};

export const madeBy: Relation = {
  name: 'works made by',
  belongsTo: (makerId) =>
    sql`${works.id} in (select ${workMakers.workId} from ${workMakers} where ${workMakers.targetId} = ${makerId})`,
};

export const supportedBy: Relation = {
  name: 'works supported by policy',
  belongsTo: (policyId) => sql`${works.supportPolicyId} = ${policyId}`,
};

/** Returns the relation without events that are not public: a public count must not disclose the others. */
export const announced = (relation: Relation): Relation => ({
  ...relation,
  name: `announced ${relation.name}`,
  condition: sql`not (${events.kind} = 'INSPECTION_CAMPAIGN' and ${events.status} = 'SCHEDULED')`,
});

/** Lists by the name of their root field. */
export const lists = { events: eventList, works: workList };
