import { badInput, HubError } from '@wenshu/schema/errors.ts';
import { and, Column, eq, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { columnsFor } from '../columns.ts';
import type { Context } from '../context.ts';
import { fieldsAsked } from '../fields-asked.ts';
import { whereOf } from '../filter.ts';
import { extentOf } from '../page-args.ts';
import { rowsOf } from '../statement.ts';
import { readsSynthetic } from '../synthetic.ts';
import { isBefore, type Position } from './outbox.ts';
import { isWithin, relationsOf } from './situations.ts';
import type { Workflow } from './workflow.ts';

/** Arguments of the events of a type. */
export type ChangesArgs = ObjectsArgs & {
  readonly mine: boolean;
  readonly region?: string | null;
};

/** Arguments of a list about the objects of a workflow. */
export type ObjectsArgs = {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly synthetic?: boolean | null;
  readonly filter?: Readonly<Record<string, unknown>> | null;
};

type EventRow = Readonly<Record<string, unknown>> & {
  readonly event: {
    readonly transaction: string;
    readonly seq: string;
    readonly action: string;
    readonly stage: string;
    readonly version: number;
    readonly regionCode: string | null;
    readonly at: string;
  };
};

/** Where the outbox ends for a reader, and what was deleted from its start. */
type Ends = { readonly end: string; readonly transaction: string | null; readonly seq: string | null };

/**
 * Returns a page of the outbox: the events of a workflow's objects that the caller may see. Only transactions before the
 * oldest one that still runs are read, so an event that is committed late is not passed over. The end of a page that is
 * not full is the end of what was read, so a reader stands behind events that it may not see.
 */
export async function changesPage(
  context: Context,
  { table, agency, objects, list, ...workflow }: Workflow,
  args: ChangesArgs,
  info: GraphQLResolveInfo,
) {
  const { changes, sweeps } = agency;
  const { size } = extentOf(args);
  const after = args.after == null ? undefined : positionIn(args.after);
  const [ends] = await rowsOf<Ends>(
    context.db,
    // The end is read first: what is committed meanwhile lies behind it.
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as end, (select deleted_transaction::text from ${sweeps}) as transaction,
      (select deleted_seq::text from ${sweeps}) as seq`,
  );
  const { end = '0', transaction, seq } = ends ?? {};
  if (after && transaction && seq && isBefore(after, { transaction, seq })) throw expired();
  const event = sql`json_build_object('transaction', ${changes.transaction}::text, 'seq', ${changes.seq}::text, 'action', ${changes.action},
    'stage', ${changes.stage}, 'version', ${changes.version}, 'regionCode', ${changes.regionCode}, 'at', ${changes.at})`;
  const where = and(
    eq(changes.type, table.type),
    sql`${changes.transaction} < ${end}::text::xid8`,
    after &&
      sql`(${changes.transaction}, ${changes.seq}) > (${after.transaction}::text::xid8, ${after.seq}::bigint)`,
    workflow.concerns?.(context),
    isForCaller(context, workflow, changes),
    args.mine ? isMine(context, workflow) : undefined,
    args.region == null ? undefined : isWithin(agency.regionClosure, sql`${changes.regionCode}`, args.region),
    isOfKind(context, list, args),
    whereOf(list, args.filter),
  );
  const columns = columnsFor(list, fieldsAsked(info, list.type, 'edges.node', 'nodes'));
  const rows = await rowsOf<EventRow>(
    context.db,
    sql`select ${columns.sql}, ${event} as event from ${changes} join ${objects} on ${objects.id} = ${changes.objectId}
      where ${where} order by ${changes.transaction}, ${changes.seq} limit ${size + 1}`,
  );
  const edges = rows.slice(0, size).map(({ event: { transaction, seq, ...said }, ...node }) => ({
    ...said,
    cursor: cursorAt({ transaction, seq }),
    node,
  }));
  const hasNextPage = rows.length > size;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: hasNextPage
        ? (edges.at(-1)?.cursor ?? args.after ?? null)
        : cursorAt({ transaction: end, seq: '0' }),
    },
  };
}

/** Returns the condition that events are for the caller; undefined if all are. */
function isForCaller(
  { caller }: Context,
  { internal, enterpriseId }: Pick<Workflow, 'internal' | 'enterpriseId'>,
  { stage, action }: Workflow['agency']['changes'],
): SQL | undefined {
  if (caller?.kind !== 'partner' || !internal) return undefined;
  const { stages, actions = [], isForOwnEnterprise } = internal;
  const isForAll = and(notInArray(stage, [...stages]), notInArray(action, [...actions]));
  return isForOwnEnterprise && enterpriseId && caller.enterpriseId !== undefined
    ? or(eq(enterpriseId, caller.enterpriseId), isForAll)
    : isForAll;
}

/** Returns the steps of an object's history that are for the caller, who may be the enterprise that it is about. */
export const stepsFor = <Step extends { readonly stage: string; readonly action: string | null }>(
  { caller }: Pick<Context, 'caller'>,
  { internal }: Pick<Workflow, 'internal'>,
  steps: readonly Step[],
): readonly Step[] =>
  caller?.kind !== 'partner' || !internal || internal.isForOwnEnterprise
    ? steps
    : steps.filter(
        ({ stage, action }) => !internal.stages.includes(stage) && !internal.actions?.includes(action ?? ''),
      );

/** Returns the condition that objects name the caller's agency in any relation, or are about its enterprise. */
function isMine(
  { caller }: Context,
  workflow: Pick<Workflow, 'relations' | 'departmentRelations' | 'enterpriseId'>,
): SQL {
  const { enterpriseId } = workflow;
  const own = caller?.kind === 'partner' ? caller.enterpriseId : undefined;
  if (own !== undefined && enterpriseId) return eq(enterpriseId, own);
  return or(...Object.values(relationsOf(workflow, caller))) ?? sql`false`;
}

/** Returns the condition that rows are synthetic, or that they are real. */
export function isOfKind(
  context: Context,
  { filter }: Workflow['list'],
  { synthetic }: ObjectsArgs,
): SQL | undefined {
  const column = filter.synthetic;
  return column instanceof Column ? eq(column as AnyPgColumn, readsSynthetic(context, synthetic)) : undefined;
}

const cursorAt = ({ transaction, seq }: Position) =>
  Buffer.from(`${transaction}.${seq}`).toString('base64url');

function positionIn(cursor: string): Position {
  const [, transaction, seq] =
    /^(\d{1,20})\.(\d{1,19})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (transaction !== undefined && seq !== undefined) return { transaction, seq };
  throw badInput(
    'after',
    '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    '“after”不是该列表的游标。请使用 pageInfo 或 edges 中的游标。',
  );
}

export const expired = () =>
  new HubError(
    'CURSOR_EXPIRED',
    'Events after this cursor were deleted, because they are kept for some days only. Read the objects anew, and go on from there.',
    { messageZh: '该游标之后的动态已过保存期。请重新读取各对象,再由此继续。' },
  );
