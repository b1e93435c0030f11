import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable, taskIndexes } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { requestKinds } from './request-kinds.ts';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, workflowColumns } from './workflow-columns.ts';

const requestStages = [
  'COLLECTED',
  'ASSIGNED',
  'CO_HANDLING',
  'RESOLVED',
  'REVISITED',
  'STRUCK_OFF',
  'DECLINED',
  'WITHDRAWN',
];

/**
 * Requests of Service Express. `stage` is that of the last step; `isReopened` says whether a step went back to an earlier stage. Both are
 * stored here too, so that a million requests can be filtered and counted by them.
 */
export const serviceRequests = schema.table(
  'service_requests',
  {
    ...workflowColumns(),
    enterpriseId: text('enterprise_id').notNull(),
    regionCode: text('region_code'),
    kind: text().notNull(),
    typeZh: text('type_zh'),
    titleZh: text('title_zh').notNull(),
    textZh: text('text_zh'),
    stage: text().notNull(),
    submittedOn: date('submitted_on', { mode: 'string' }).notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    closedOn: date('closed_on', { mode: 'string' }),
    responsibleId: agencyId('responsible_id'),
    isSatisfied: boolean('is_satisfied'),
    isReopened: boolean('is_reopened').notNull().default(false),
    policyId: restsOnPolicy(),
    /** The project whose monthly report had the problem; null if the request came otherwise. */
    projectId: text('project_id'),
    /** The agency that handed it in; null if an enterprise did, or if it is not recorded. */
    submittedById: agencyId('submitted_by_id'),
    answerZh: text('answer_zh'),
    resolution: text(),
    /** The day on which a long-term answer is looked at again. */
    reviewOn: date('review_on', { mode: 'string' }),
    escalation: text(),
    declineReason: text('decline_reason'),
    /** The request of which a declined one is a duplicate. */
    duplicateOfId: text('duplicate_of_id').references((): AnyPgColumn => serviceRequests.id, {
      onDelete: 'set null',
    }),
    /** The agency that the last one to return it named as the right one. */
    suggestedId: agencyId('suggested_id'),
    /** The day on which more time was asked for, while nobody has granted it. */
    extensionAskedOn: date('extension_asked_on', { mode: 'string' }),
    /** The commissioner's agency of the enterprise when the request was handed in. */
    commissionerId: agencyId('commissioner_id'),
  },
  (t) => [
    check('service_requests_kind_known', isOneOf(t.kind, requestKinds)),
    check('service_requests_stage_known', isOneOf(t.stage, requestStages)),
    check(
      'service_requests_closed',
      sql`(${t.stage} in ('STRUCK_OFF', 'DECLINED', 'WITHDRAWN')) = (${t.closedOn} is not null)`,
    ),
    check(
      'service_requests_dates',
      sql`${t.dueOn} >= ${t.submittedOn} and ${t.closedOn} >= ${t.submittedOn}`,
    ),
    check(
      'service_requests_assigned',
      sql`${t.stage} in ('COLLECTED', 'DECLINED', 'WITHDRAWN') or ${t.responsibleId} is not null`,
    ),
    check('service_requests_resolution_known', isOneOf(t.resolution, ['SOLVED', 'EXPLAINED', 'LONG_TERM'])),
    check('service_requests_escalation_known', isOneOf(t.escalation, ['MEETING', 'QUARTERLY'])),
    check(
      'service_requests_decline_known',
      isOneOf(t.declineReason, ['OUT_OF_SCOPE', 'DUPLICATE', 'OTHER_CHANNEL']),
    ),
    ...taskIndexes('service_requests', t, { responsible: t.responsibleId, region: t.regionCode }),
    // A leader's tasks among all that are worked on.
    index('service_requests_extension')
      .on(t.stage, t.dueOn, t.id)
      .where(sql`${t.extensionAskedOn} is not null`),
    index('service_requests_duplicate_of').on(t.duplicateOfId, t.id),
    index('service_requests_suggested').on(t.suggestedId, t.id),
    index('service_requests_commissioner').on(t.commissionerId, t.id),
    ...textIndexes('service_requests_title_zh', t.titleZh),
    index('service_requests_enterprise').on(t.enterpriseId, t.id),
    index('service_requests_region').on(t.regionCode, t.id),
    index('service_requests_kind').on(t.kind, t.id),
    index('service_requests_stage').on(t.stage, t.id),
    index('service_requests_submitted_on').on(t.submittedOn, t.id),
    index('service_requests_due_on').on(t.dueOn, t.id),
    fromHighest('service_requests_due_on', t.dueOn, t.id),
    // Overdue requests are found among those that are not struck off.
    index('service_requests_open_due_on').on(t.dueOn, t.id).where(sql`${t.stage} <> 'STRUCK_OFF'`),
    index('service_requests_closed_on').on(t.closedOn, t.id),
    index('service_requests_responsible').on(t.responsibleId, t.id),
    index('service_requests_submitted_by').on(t.submittedById, t.id),
    index('service_requests_is_satisfied').on(t.isSatisfied, t.id),
    index('service_requests_is_reopened').on(t.isReopened, t.id),
    index('service_requests_policy').on(t.policyId, t.id),
    index('service_requests_project').on(t.projectId, t.id),
    index('service_requests_synthetic').on(t.synthetic, t.id),
    index('service_requests_updated_at').on(t.updatedAt, t.id),
  ],
);

const requestId = () =>
  text('request_id')
    .notNull()
    .references(() => serviceRequests.id, { onDelete: 'cascade' });

export const serviceRequestCoHandlers = schema.table(
  'service_request_co_handlers',
  {
    requestId: requestId(),
    seq: integer().notNull(),
    agencyId: agencyId('agency_id').notNull(),
    opinionZh: text('opinion_zh'),
    /** The day on which the opinion is due. */
    dueOn: date('due_on', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.seq] }),
    unique('service_request_co_handlers_agency').on(t.agencyId, t.requestId),
  ],
);

/** Steps of a request. Reopening is a further step, back at an earlier stage. */
export const serviceRequestSteps = stepTable(
  schema,
  'service_request_steps',
  () => serviceRequests.id,
  requestStages,
);

/** The agency that is the commissioner of an enterprise: an agency, never a person. */
export const enterpriseCommissioners = schema.table(
  'enterprise_commissioners',
  {
    enterpriseId: text('enterprise_id').primaryKey(),
    agencyId: agencyId('agency_id').notNull(),
    since: date('since_on', { mode: 'string' }).notNull(),
  },
  (t) => [index('enterprise_commissioners_agency').on(t.agencyId, t.enterpriseId)],
);

/** How many requests an enterprise handed in itself on a day; those of its test keys apart. */
export const enterpriseSubmissions = schema.table(
  'enterprise_submissions',
  {
    enterpriseId: text('enterprise_id').notNull(),
    day: date('submitted_on', { mode: 'string' }).notNull(),
    isTest: boolean('is_test').notNull().default(false),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.enterpriseId, t.day, t.isTest] })],
);

export type ServiceRequestRow = typeof serviceRequests.$inferSelect;
