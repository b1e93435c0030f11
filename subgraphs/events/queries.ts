import type { ParentLink } from '@wenshu/kit/dimension.ts';
import { nameOrAlias, regionCondition, someOf, someOfEither } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page-by.ts';
import { havingHonours, havingParts, idOf, rolesOf } from '@wenshu/kit/parts.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { campaignList } from './campaign-list.ts';
import { counted } from './completeness.ts';
import type { EventInvolvement, HostRole } from './schema-types.ts';
import {
  eventHosts,
  eventParticipants,
  eventPolicies,
  eventSubjects,
  events,
  shared,
  workHonours,
  workMakers,
  works,
} from './tables.ts';

/** Selects the pairs of a part and its whole among events. */
export const partsOfSubjects = sql`select ${events.id}, ${events.partOfId} from ${events} where ${events.partOfId} is not null`;

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
    nameZh: nameOrAlias(events),
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
    hosts: havingParts(events.id, eventHosts.eventId, {
      role: eventHosts.role,
      agencyId: idOf(eventHosts.targetId, eventHosts.targetType, 'Agency'),
      enterpriseId: idOf(eventHosts.targetId, eventHosts.targetType, 'Enterprise'),
    }),
    hostRole: someOf(events.id, eventHosts.eventId, eventHosts.role),
    participants: havingParts(events.id, eventParticipants.eventId, {
      role: eventParticipants.role,
      enterpriseId: idOf(eventParticipants.targetId, eventParticipants.targetType, 'Enterprise'),
    }),
    policies: havingParts(events.id, eventPolicies.eventId, { role: eventPolicies.role }),
    subjects: havingParts(events.id, eventSubjects.ownerId, {
      role: eventSubjects.role,
      agencyId: idOf(eventSubjects.targetId, eventSubjects.targetType, 'Agency'),
    }),
    subjectId: someOf(events.id, eventSubjects.ownerId, eventSubjects.targetId, {
      type: eventSubjects.targetType,
    }),
    synthetic: events.synthetic,
    updatedAt: events.updatedAt,
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
    nameZh: nameOrAlias(works),
    nameEn: works.nameEn,
    kind: works.kind,
    makerId: someOf(works.id, workMakers.workId, workMakers.targetId, { type: workMakers.targetType }),
    supportPolicyId: works.supportPolicyId,
    makers: havingParts(works.id, workMakers.workId, {
      role: workMakers.role,
      enterpriseId: idOf(workMakers.targetId, workMakers.targetType, 'Enterprise'),
      agencyId: idOf(workMakers.targetId, workMakers.targetType, 'Agency'),
    }),
    honours: havingHonours(works.id, workHonours),
    synthetic: works.synthetic,
    updatedAt: works.updatedAt,
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

const isHost = (host: SQL, role?: HostRole | null): SQL | undefined =>
  and(sql`${eventHosts.targetId} = ${host}`, role ? eq(eventHosts.role, role) : undefined);
const hosted = (host: SQL, role?: HostRole | null): SQL =>
  sql`select ${eventHosts.eventId} from ${eventHosts} where ${isHost(host, role)}`;
const throughHosts = (role?: HostRole | null): ParentLink => ({
  owner: eventHosts.eventId,
  target: eventHosts.targetId,
  rows: (host) => isHost(host, role),
});
const joined = (participant: SQL): SQL =>
  sql`select ${eventParticipants.eventId} from ${eventParticipants} where ${eventParticipants.targetId} = ${participant}`;

const hostRolesOf = (host: SQL, eventId: SQL, role?: HostRole | null): SQL =>
  rolesOf(
    eventHosts.role,
    eventHosts.seq,
    role,
    sql`${eventHosts.targetId} = ${host}`,
    sql`${eventHosts.eventId} = ${eventId}`,
  );
const participantRolesOf = (participant: SQL, eventId: SQL): SQL =>
  rolesOf(
    eventParticipants.role,
    eventParticipants.seq,
    undefined,
    sql`${eventParticipants.targetId} = ${participant}`,
    sql`${eventParticipants.eventId} = ${eventId}`,
  );

/** Relation to the events that a host hosts in one role or in any. */
export const hostedBy = (role?: HostRole | null): Relation => ({
  name: `events hosted by ${role ?? ''}`,
  belongsTo: (hostId) => isAmong(hosted(hostId, role)),
  edge: (hostId, eventId) => hostRolesOf(hostId, eventId, role),
  links: [throughHosts(role)],
});

export const joinedBy: Relation = {
  name: 'events joined by',
  belongsTo: (participantId) => isAmong(joined(participantId)),
  edge: participantRolesOf,
};

/** Relation to the events in which an enterprise is involved in this way, or in any. */
export const involving = (involvement: EventInvolvement | null | undefined): Relation => ({
  name: `events involving ${involvement ?? ''}`,
  belongsTo: (id) =>
    isAmong(
      ...(involvement === 'TOOK_PART' ? [] : [hosted(id)]),
      ...(involvement === 'HOSTED' ? [] : [joined(id)]),
    ),
  links: [throughHosts()],
  edge: (id, eventId) => {
    const [hosting, joining] = [hostRolesOf(id, eventId), participantRolesOf(id, eventId)].map(
      (roles) => sql`coalesce((${roles}) -> 'roles', '[]')`,
    );
    return sql`jsonb_build_object('hostRoles', coalesce(nullif(${hosting}, 'null'), '[]'), 'participantRoles', coalesce(nullif(${joining}, 'null'), '[]'))`;
  },
});

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
  edge: (policyId, eventId) =>
    rolesOf(
      eventPolicies.role,
      eventPolicies.seq,
      undefined,
      sql`${eventPolicies.policyId} = ${policyId}`,
      sql`${eventPolicies.eventId} = ${eventId}`,
    ),
};

export const madeBy: Relation = {
  name: 'works made by',
  belongsTo: (makerId) =>
    sql`${works.id} in (select ${workMakers.workId} from ${workMakers} where ${workMakers.targetId} = ${makerId})`,
  edge: (makerId, workId) =>
    rolesOf(
      workMakers.role,
      workMakers.seq,
      undefined,
      sql`${workMakers.targetId} = ${makerId}`,
      sql`${workMakers.workId} = ${workId}`,
    ),
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
export const lists = { events: eventList, works: workList, inspectionCampaigns: campaignList };
export { campaignList };
