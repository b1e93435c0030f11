import {
  byPinyin,
  fromHighest,
  honoursTable,
  nameIndexes,
  recordColumns,
  sharedTables,
  subjectsTable,
  targetColumns,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { stepTable, workflowTables } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

export const schema = pgSchema('events');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, publishedTotals } = shared;
export const { changes, mutationKeys, dueNotices, sweeps } = workflowTables(schema);

/** The tables of the agency that its workflows share. */
export const agencyTables = {
  changes,
  mutationKeys,
  dueNotices,
  sweeps,
  regionClosure: shared.regionClosure,
};

export const events = schema.table(
  'events',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    status: text().notNull(),
    startDate: date('start_date', { mode: 'string' }),
    endDate: date('end_date', { mode: 'string' }),
    periodZh: text('period_zh'),
    /** Year of the first day, or of the period. */
    year: integer(),
    frequency: text(),
    regionCode: text('region_code'),
    venueId: text('venue_id'),
    attendanceValue: numeric('attendance_value'),
    attendanceUnit: text('attendance_unit'),
    attendanceApprox: text('attendance_approx'),
    partOfId: text('part_of_id').references((): AnyPgColumn => events.id, { onDelete: 'set null' }),
  },
  (t) => [
    index('events_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('events_name_zh', t),
    ...textIndexes('events_name_en', t.nameEn),
    index('events_kind').on(t.kind, t.id),
    index('events_status').on(t.status, t.id),
    index('events_start_date').on(t.startDate, t.id),
    fromHighest('events_start_date', t.startDate, t.id),
    index('events_end_date').on(t.endDate, t.id),
    index('events_year').on(t.year, t.id),
    index('events_frequency').on(t.frequency, t.id),
    index('events_region').on(t.regionCode, t.id),
    index('events_venue').on(t.venueId, t.id),
    index('events_part_of').on(t.partOfId, t.id),
    index('events_updated_at').on(t.updatedAt, t.id),
    index('events_synthetic').on(t.synthetic, t.id),
  ],
);

const eventId = () =>
  text('event_id')
    .notNull()
    .references(() => events.id, { onDelete: 'cascade' });

/** Hosts of an event: agencies, enterprises, party units. */
export const eventHosts = schema.table(
  'event_hosts',
  { eventId: eventId(), seq: integer().notNull(), role: text().notNull(), ...targetColumns() },
  (t) => [
    primaryKey({ columns: [t.eventId, t.seq] }),
    index('event_hosts_target').on(t.targetId, t.role, t.eventId),
    index('event_hosts_role').on(t.role, t.eventId),
  ],
);

/** Participants of an event: enterprises, works. */
export const eventParticipants = schema.table(
  'event_participants',
  { eventId: eventId(), seq: integer().notNull(), role: text().notNull(), ...targetColumns() },
  (t) => [
    primaryKey({ columns: [t.eventId, t.seq] }),
    index('event_participants_target').on(t.targetId, t.role, t.eventId),
  ],
);

export const eventPolicies = schema.table(
  'event_policies',
  {
    eventId: eventId(),
    seq: integer().notNull(),
    role: text().notNull(),
    policyId: text('policy_id').notNull(),
    /** Measure of the policy, if the relation is to one measure. */
    measureId: text('measure_id'),
  },
  (t) => [
    primaryKey({ columns: [t.eventId, t.seq] }),
    index('event_policies_policy').on(t.policyId, t.role, t.eventId),
  ],
);

/** Other subjects that an event names, such as a platform that it uses. */
export const eventSubjects = subjectsTable(schema, 'event_subjects', () => events.id);

/** Records that may describe the same event; each pair is stored in both directions. */
export const eventLikenesses = schema.table(
  'event_likenesses',
  {
    eventId: eventId(),
    otherId: text('other_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.eventId, t.otherId] }), index('event_likenesses_other').on(t.otherId)],
);

export const works = schema.table(
  'works',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    supportPolicyId: text('support_policy_id'),
  },
  (t) => [
    index('works_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('works_name_zh', t),
    ...textIndexes('works_name_en', t.nameEn),
    index('works_kind').on(t.kind, t.id),
    index('works_support_policy').on(t.supportPolicyId, t.id),
    index('works_updated_at').on(t.updatedAt, t.id),
    index('works_synthetic').on(t.synthetic, t.id),
  ],
);

export const workHonours = honoursTable(schema, 'work_honours', () => works.id);

/** Makers of a work: enterprises, agencies. */
export const workMakers = schema.table(
  'work_makers',
  {
    workId: text('work_id')
      .notNull()
      .references(() => works.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    role: text().notNull(),
    ...targetColumns(),
  },
  (t) => [primaryKey({ columns: [t.workId, t.seq] }), index('work_makers_target').on(t.targetId, t.workId)],
);

const campaignStages = ['PLANNED', 'RUNNING', 'DONE', 'PUBLISHED', 'CANCELLED'];

/** Inspection campaigns. From its start on, a campaign is an event with the same id too. */
export const inspectionCampaigns = schema.table(
  'inspection_campaigns',
  {
    id: text().primaryKey(),
    nameZh: text('name_zh').notNull(),
    nameEn: text('name_en').notNull(),
    purposeZh: text('purpose_zh').notNull(),
    regionCode: text('region_code').notNull(),
    leadId: text('lead_id').notNull(),
    startsOn: date('starts_on', { mode: 'string' }).notNull(),
    endsOn: date('ends_on', { mode: 'string' }).notNull(),
    startedOn: date('started_on', { mode: 'string' }),
    finishedOn: date('finished_on', { mode: 'string' }),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    synthetic: boolean().notNull().default(false),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check('inspection_campaigns_days', sql`${t.endsOn} >= ${t.startsOn}`),
    check(
      'inspection_campaigns_stage_known',
      sql`${t.stage} in (${sql.raw(campaignStages.map((stage) => `'${stage}'`).join(', '))})`,
    ),
    index('inspection_campaigns_region').on(t.regionCode, t.id),
    index('inspection_campaigns_lead').on(t.leadId, t.id),
    index('inspection_campaigns_stage').on(t.stage, t.id),
    index('inspection_campaigns_starts_on').on(t.startsOn, t.id),
    index('inspection_campaigns_due_on').on(t.dueOn, t.id),
    index('inspection_campaigns_synthetic').on(t.synthetic, t.id),
    index('inspection_campaigns_updated_at').on(t.updatedAt, t.id),
  ],
);

/** The agencies of a campaign: the one that leads it, those that joined it, and those that are invited. */
export const campaignAgencies = schema.table(
  'campaign_agencies',
  {
    campaignId: text('campaign_id')
      .notNull()
      .references(() => inspectionCampaigns.id, { onDelete: 'cascade' }),
    agencyId: text('agency_id').notNull(),
    /** Null while it is only invited. */
    joinedOn: date('joined_on', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.campaignId, t.agencyId] }),
    index('campaign_agencies_agency').on(t.agencyId, t.campaignId),
  ],
);

export const campaignSteps = stepTable(
  schema,
  'campaign_steps',
  () => inspectionCampaigns.id,
  campaignStages,
);

export type CampaignRow = typeof inspectionCampaigns.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type EventPolicyRow = typeof eventPolicies.$inferSelect;
export type WorkRow = typeof works.$inferSelect;
