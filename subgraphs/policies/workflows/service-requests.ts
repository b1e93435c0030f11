import { dayOf, today } from '@wenshu/kit/today.ts';
import { termSql } from '@wenshu/kit/workflow/terms.ts';
import { type ConditionRules, defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { workingDaysBefore } from '@wenshu/schema/working-days.ts';
import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { serviceRequestList } from '../queries.ts';
import { agencyTables, serviceRequestCoHandlers, serviceRequestSteps, serviceRequests } from '../tables.ts';
import { type RequestAction, serviceRequestTable } from './service-request-table.ts';

const { requestId, agencyId, opinionZh } = serviceRequestCoHandlers;

/** Returns the condition that an agency was asked for an opinion. */
const isCoHandler = (agency: string) =>
  sql`exists (select 1 from ${serviceRequestCoHandlers} where ${and(eq(requestId, serviceRequests.id), eq(agencyId, agency))})`;

/** Returns how often an action was carried out on a request. */
const timesTaken = (action: RequestAction) =>
  sql`(select count(*) from ${serviceRequestSteps} where ${serviceRequestSteps.objectId} = ${serviceRequests.id} and ${serviceRequestSteps.action} = ${action})`;

/** The day on which a request came to the agency in charge; null if the hub did not assign it. */
const assignedOn = sql`(select max(${serviceRequestSteps.on}) from ${serviceRequestSteps}
  where ${serviceRequestSteps.objectId} = ${serviceRequests.id} and ${serviceRequestSteps.action} in ('ASSIGN', 'SEND_BACK', 'REOPEN'))`;

/** Returns what follows from a term, for the region of each request. */
const byTerm = (rules: ConditionRules, name: string, sqlOf: (days: number) => SQL) =>
  termSql(
    { table: serviceRequestTable, agency: agencyTables },
    rules,
    name,
    serviceRequests.regionCode,
    sqlOf,
  );

const yesterday = () => dayOf(Date.now() - 86_400_000);

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
    commissioner: (agency) => eq(serviceRequests.commissionerId, agency),
    submitter: (agency) => eq(serviceRequests.submittedById, agency),
    coHandler: (agency) => isCoHandler(agency),
    // An array is read first: an agency owes few opinions, among many requests.
    silentCoHandler: (agency) =>
      sql`${serviceRequests.id} = any(array(select ${requestId} from ${serviceRequestCoHandlers} where ${and(eq(agencyId, agency), isNull(opinionZh))}))`,
  },
  conditions: {
    mayAskExtension: () =>
      sql`${timesTaken('ASK_EXTENSION')} = 0 and coalesce(${serviceRequests.dueOn} >= ${today()}::date, true)`,
    extensionIsAsked: () => isNotNull(serviceRequests.extensionAskedOn),
    mayObject: () => sql`${timesTaken('OBJECT')} = 0`,
    mayReturn: (rules) =>
      sql`coalesce(${assignedOn} > ${byTerm(rules, 'return', (days) => sql`${workingDaysBefore(yesterday(), days, rules.calendar)}::date`)}, true)`,
    isTwiceUnhappy: () => sql`${timesTaken('SEND_BACK')} >= 2`,
    isLongOverdue: (rules) =>
      sql`${serviceRequests.escalation} is null and ${serviceRequests.dueOn} <= ${byTerm(rules, 'escalation', (days) => sql`${workingDaysBefore(today(), days, rules.calendar)}::date`)}`,
    mayReopen: (rules) =>
      sql`${serviceRequests.closedOn} >= ${today()}::date - ${byTerm(rules, 'reopening', (days) => sql`${days}::integer`)}`,
  },
  effectBySystem: () => ({
    set: { escalation: 'MEETING' },
    noteZh: '逾期过久,自动提交例会。',
    details: { escalation: 'MEETING' },
  }),
  columnsAt: (stage) => ({ closedOn: serviceRequestTable.closed.includes(stage) ? today() : null }),
});
