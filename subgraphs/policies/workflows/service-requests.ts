import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { workingDaysBefore } from '@wenshu/schema/working-days.ts';
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { serviceRequestList } from '../queries.ts';
import { agencyTables, serviceRequestCoHandlers, serviceRequestSteps, serviceRequests } from '../tables.ts';
import { type RequestAction, serviceRequestTable } from './service-request-table.ts';

const { requestId, agencyId, opinionZh } = serviceRequestCoHandlers;

/** Returns the condition that an agency was asked for an opinion. */
const isCoHandler = (agency: SQL | string, further?: SQL) =>
  sql`exists (select 1 from ${serviceRequestCoHandlers} where ${and(eq(requestId, serviceRequests.id), eq(agencyId, agency), further)})`;

/** Returns how often an action was carried out on a request. */
const timesTaken = (action: RequestAction) =>
  sql`(select count(*) from ${serviceRequestSteps} where ${serviceRequestSteps.objectId} = ${serviceRequests.id} and ${serviceRequestSteps.action} = ${action})`;

const reopenDays = 30;
const escalationDays = 5;

/** The workflow of service requests. */
export const serviceRequestWorkflow = defineWorkflow({
  table: serviceRequestTable,
  agency: agencyTables,
  list: serviceRequestList,
  objects: serviceRequests,
  steps: serviceRequestSteps,
  enterpriseId: serviceRequests.enterpriseId,
  kindOf: ({ kind }) => kind,
  relations: {
    responsible: (agency) => eq(serviceRequests.responsibleId, agency),
    submitter: (agency) => eq(serviceRequests.submittedById, agency),
    coHandler: (agency) => isCoHandler(agency),
    silentCoHandler: (agency) => isCoHandler(agency, isNull(opinionZh)),
  },
  conditions: {
    mayAskExtension: () =>
      sql`${timesTaken('ASK_EXTENSION')} = 0 and coalesce(${serviceRequests.dueOn} >= ${today()}::date, true)`,
    extensionIsAsked: () => sql`${timesTaken('ASK_EXTENSION')} > ${timesTaken('GRANT_EXTENSION')}`,
    isLongOverdue: ({ calendar }) =>
      sql`${serviceRequests.escalation} is null and ${serviceRequests.dueOn} <= ${workingDaysBefore(today(), escalationDays, calendar)}::date`,
    mayReopen: () => sql`${serviceRequests.closedOn} >= ${today()}::date - ${reopenDays}::integer`,
  },
  effectBySystem: () => ({
    set: { escalation: 'MEETING' },
    noteZh: '逾期五个工作日,自动提交例会。',
    details: { escalation: 'MEETING' },
  }),
  columnsAt: (stage) => ({ closedOn: serviceRequestTable.closed.includes(stage) ? today() : null }),
});
