import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import type { NewStep, Workflow } from '@wenshu/kit/workflow/carry-out.ts';
import { allowedActions, type Situation } from '@wenshu/kit/workflow/decide.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { serviceRequestList } from '../queries.ts';
import {
  regionClosure,
  type ServiceRequestRow,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
  workflows,
} from '../tables.ts';
import { type RequestAction, type RequestStage, serviceRequestTable } from './service-request-table.ts';

/** Returns the caller's part in each of these requests, in their order. */
export async function situationsOf(
  db: Database,
  requests: readonly Pick<
    ServiceRequestRow,
    'id' | 'stage' | 'version' | 'regionCode' | 'responsibleId' | 'submittedById' | 'enterpriseId'
  >[],
  caller: Caller | undefined,
): Promise<Situation[]> {
  const ids = requests.map(({ id }) => id);
  const agency = caller?.kind === 'department' ? caller.agency : undefined;
  const [coHandled, steps, inRegion] = await Promise.all([
    agency === undefined
      ? []
      : db
          .select({ id: serviceRequestCoHandlers.requestId })
          .from(serviceRequestCoHandlers)
          .where(
            and(
              inArray(serviceRequestCoHandlers.requestId, ids),
              eq(serviceRequestCoHandlers.agencyId, agency),
            ),
          ),
    db
      .select({
        id: serviceRequestSteps.requestId,
        action: serviceRequestSteps.action,
        author: serviceRequestSteps.author,
      })
      .from(serviceRequestSteps)
      .where(and(inArray(serviceRequestSteps.requestId, ids), sql`${serviceRequestSteps.action} is not null`))
      .orderBy(serviceRequestSteps.requestId, serviceRequestSteps.seq),
    regionsWithin(
      db,
      caller,
      requests.flatMap(({ regionCode }) => regionCode ?? []),
    ),
  ]);
  const coHandledIds = new Set(coHandled.map(({ id }) => id));
  const stepsById = Map.groupBy(steps, ({ id }) => id);
  return requests.map(({ id, stage, version, regionCode, responsibleId, submittedById, enterpriseId }) => ({
    stage,
    version,
    isInRegion: inRegion(regionCode),
    relations: new Set([
      ...(agency !== undefined && responsibleId === agency ? ['responsible'] : []),
      ...(agency !== undefined && submittedById === agency ? ['submitter'] : []),
      ...(coHandledIds.has(id) ? ['coHandler'] : []),
    ]),
    isOwnEnterprise: caller?.kind === 'partner' && caller.enterpriseId === enterpriseId,
    authors: new Map((stepsById.get(id) ?? []).map(({ action, author }) => [action ?? '', author ?? ''])),
  }));
}

/** Returns the test whether a region is one that the caller is limited to, or below it. */
export async function regionsWithin(
  db: Database,
  caller: Caller | undefined,
  codes: readonly string[],
): Promise<(code: string | null) => boolean> {
  const limit = caller?.kind === 'department' ? caller.region : undefined;
  if (limit === undefined) return () => true;
  const rows = await db
    .select({ code: regionClosure.code })
    .from(regionClosure)
    .where(and(eq(regionClosure.ancestor, limit), inArray(regionClosure.code, [...codes, ''])));
  const within = new Set(rows.map(({ code }) => code));
  return (code) => code !== null && within.has(code);
}

/** Returns the actions that the caller may carry out on a request now. One batch finds those of all requests. */
export const allowedActionsOf = ({ batch, caller }: Context, id: string): Promise<readonly RequestAction[]> =>
  batch<string, readonly RequestAction[]>('actions of service requests', async (ids, db) => {
    const rows = await db
      .select()
      .from(serviceRequests)
      .where(inArray(serviceRequests.id, [...ids]));
    const situations = await situationsOf(db, rows, caller);
    const byId = new Map(
      rows.map((row, at) => [
        row.id,
        allowedActions(serviceRequestTable, caller, situations[at] as Situation),
      ]),
    );
    return ids.map((each) => byId.get(each) ?? []);
  }).load(id);

/** The workflow of service requests, over the tables of this agency. */
export const serviceRequestWorkflow: Workflow<ServiceRequestRow, RequestStage, RequestAction> = {
  table: serviceRequestTable,
  shared: workflows,
  async lock(db, context: Context, id) {
    const [row] = await db
      .select()
      .from(serviceRequests)
      .where(and(eq(serviceRequests.id, id), shownOnly(context, serviceRequestList)))
      .for('update');
    return row;
  },
  async situationOf(db, row, caller) {
    const [situation] = await situationsOf(db, [row], caller);
    return situation as Situation;
  },
  async nextStep(db, id) {
    const [row] = await db
      .select({ seq: sql<number>`(coalesce(max(${serviceRequestSteps.seq}), -1) + 1)::int` })
      .from(serviceRequestSteps)
      .where(eq(serviceRequestSteps.requestId, id));
    return row?.seq ?? 0;
  },
  insertStep: (db, id, step: NewStep) => db.insert(serviceRequestSteps).values({ requestId: id, ...step }),
};
