import { HubError } from '@wenshu/schema/errors.ts';
import { and, asc, inArray, type SQL, sql } from 'drizzle-orm';
import { parse } from 'graphql';
import type { Context } from '../context.ts';
import type { Workflow } from './workflow.ts';

/** Maximum number of events of a page. */
const mostEvents = 500;

type Args = { readonly types: readonly string[]; readonly after?: string | null; readonly first: number };

/**
 * `Query._changes`, for the worker of the hub alone: a page of the outbox, in the order of its transactions. An event of
 * a transaction that is not the oldest under way is not in it yet, so none that commits late is missed.
 */
export const changesModule = (workflows: readonly Workflow[]) => ({
  typeDefs: parse(`
    type _Change { cursor: String! type: String! id: ID! action: String! stage: String! version: Int! regionCode: ID at: String! }
    extend type Query { _changes(types: [String!]!, after: String, first: Int!): [_Change!] }
  `),
  resolvers: {
    Query: {
      _changes: (_root: unknown, args: Args, context: Context) => readChanges(workflows, args, context),
    },
  },
});

async function readChanges([workflow]: readonly Workflow[], args: Args, { db, caller }: Context) {
  if (caller?.kind !== 'system' || !workflow) throw onlyForWorker();
  const { changes } = workflow.agency;
  const rows = await db
    .select({
      transaction: changes.transaction,
      seq: changes.seq,
      type: changes.type,
      id: changes.objectId,
      action: changes.action,
      stage: changes.stage,
      version: changes.version,
      regionCode: changes.regionCode,
      at: changes.at,
    })
    .from(changes)
    .where(
      and(
        inArray(changes.type, [...args.types]),
        isAfter(changes, args.after),
        sql`${changes.transaction} < pg_snapshot_xmin(pg_current_snapshot())`,
      ),
    )
    .orderBy(asc(changes.transaction), asc(changes.seq))
    .limit(Math.min(args.first, mostEvents));
  return rows.map(({ transaction, seq, ...event }) => ({ ...event, cursor: `${transaction}-${seq}` }));
}

function isAfter(
  { transaction, seq }: Workflow['agency']['changes'],
  after: string | null | undefined,
): SQL | undefined {
  const [, afterTransaction, afterSeq] = /^(\d{1,20})-(\d{1,19})$/.exec(after ?? '') ?? [];
  return afterTransaction === undefined
    ? undefined
    : sql`(${transaction}, ${seq}) > (${afterTransaction}::xid8, ${afterSeq}::bigint)`;
}

const onlyForWorker = () =>
  new HubError('FORBIDDEN', 'Only the worker of the hub reads this.', { messageZh: '仅供平台自身读取。' });
