import { manyByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { page } from '@wenshu/kit/page.ts';
import { today } from '@wenshu/kit/today.ts';
import type { Reference } from '@wenshu/kit/typed-resolvers.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import { and, inArray } from 'drizzle-orm';
import { callerAs } from '../caller-as.ts';
import { correctionList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import { correctionSteps, corrections } from '../tables.ts';
import { correctionTable } from './correction-table.ts';
import {
  advanceCorrection,
  type CorrectionRules,
  concerningCaller,
  correctionWorkflow,
  disputeAgreement,
  requestCorrection,
} from './corrections.ts';
import { summariseCorrections } from './summary.ts';

export const correctionQueries = {
  correction: (_root, { id }, context) => find(context, id),
  corrections: (_root, args, context, info) =>
    page(context, correctionList, args, info, concerningCaller(context)),
  correctionSummary: (_root, period, context) => summariseCorrections(context, callerAs(context), period),
} satisfies Partial<Resolvers['Query']>;

export const correctionMutations = (rules: CorrectionRules) =>
  ({
    requestCorrection: (_root, { input }, context) => requestCorrection(context, input, rules),
    disputeAgreement: (_root, { input }, context) => disputeAgreement(context, input, rules),
    advanceCorrection: (_root, { input }, context) => advanceCorrection(context, input, rules),
  }) satisfies Partial<Resolvers['Mutation']>;

const closed: readonly string[] = correctionTable.closed;

export const correctionFields: Pick<Resolvers, 'Correction' | 'CorrectionPayload'> = {
  Correction: {
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, correctionWorkflow, id),
    history: ({ id }, _args, context) => {
      const { objectId, seq } = correctionSteps;
      return manyByKey(context, correctionSteps, objectId, id, seq);
    },
    // After a refusal the day is the end of the time for a dispute.
    isOverdue: ({ stage, dueOn }) =>
      !closed.includes(stage) && stage !== 'REFUSED' && dueOn !== null && dueOn < today(),
  },
  CorrectionPayload: { correction: ({ id }, _args, context) => find(context, id) },
};

/** The object of an event or a task. A correction is read here; the agencies resolve the others by their keys. */
export const correctionOr = (
  { id, object }: { readonly id: string; readonly object: Reference | null },
  _args: unknown,
  context: Context,
) => (object?.__typename === 'Correction' ? (find(context, id) as Promise<Reference | null>) : object);

async function find(context: Context, id: string) {
  const found = await findCorrections(context, [id]);
  return found.get(id) ?? null;
}

const prefix = 'corr-';

/** Returns those of the ids that are of corrections which concern the caller, each with its correction. */
export async function findCorrections(context: Context, ids: readonly string[]) {
  const possible = ids.filter((id) => id.startsWith(prefix));
  const found =
    possible.length === 0
      ? []
      : await context.db
          .select()
          .from(corrections)
          .where(and(inArray(corrections.id, possible), concerningCaller(context)));
  return new Map(found.map((row) => [row.id, { __typename: 'Correction' as const, ...row }]));
}
