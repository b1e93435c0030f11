import type { Context } from '@wenshu/kit/context.ts';
import { type Carried, carryOut, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { conflict } from '@wenshu/schema/errors.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { and, eq } from 'drizzle-orm';
import type { EndListingInput, RecordListingInput } from '../schema-types.ts';
import { policies, qualifyingListMembers, qualifyingLists } from '../tables.ts';
import { listingWorkflow } from './payment-rules.ts';

const { listId, enterpriseId, stage } = qualifyingListMembers;

/** Puts an enterprise on a list. */
export async function recordListing(context: Context, input: RecordListingInput): Promise<Carried> {
  const { key, ...given } = input;
  const problems = new Problems(context);
  const basisZh = problems.text('basisZh', input.basisZh);
  const [list] = await context.db
    .select({ regionCode: policies.regionCode })
    .from(qualifyingLists)
    .innerJoin(policies, eq(policies.id, qualifyingLists.policyId))
    .where(eq(qualifyingLists.id, input.listId));
  if (!list) {
    const id = input.listId;
    problems.addUnknown('listId', id);
  }
  if (input.holdsUntil && input.holdsUntil < input.holdsFrom) {
    problems.add(
      'holdsUntil',
      'DATE',
      '止日不得早于起日。',
      'The last day must not be before the first one.',
    );
  }
  problems.throwIfAny();
  const regionCode = list?.regionCode ?? null;
  const intended = { regionCode, enterpriseId: input.enterpriseId };
  const request = { action: 'RECORD' as const, key, input };
  return carryOutFirst(context, listingWorkflow, request, intended, async (db, first) => {
    const synthetic = isSyntheticId(input.enterpriseId);
    const id = newId('listing', synthetic);
    const [made] = await db
      .insert(qualifyingListMembers)
      .values({ ...given, ...first, id, basisZh, regionCode, synthetic })
      .onConflictDoNothing()
      .returning({ id: qualifyingListMembers.id });
    if (!made) throw await listedAlready(context, input);
    return { id, details: { basis: basisZh } };
  });
}

async function listedAlready({ db }: Context, input: RecordListingInput) {
  const isSame = and(eq(listId, input.listId), eq(enterpriseId, input.enterpriseId), eq(stage, 'LISTED'));
  const [listing] = await db
    .select({ id: qualifyingListMembers.id })
    .from(qualifyingListMembers)
    .where(isSame);
  return conflict('The enterprise is on the list already. End that record first.', {
    messageZh: '该企业已在名单上,请先终止原记录。',
    listing: listing?.id,
  });
}

/** Takes an enterprise off a list. */
export const endListing = (context: Context, input: EndListingInput): Promise<Carried> =>
  carryOut(context, listingWorkflow, { ...input, action: 'END', input }, () => {
    const problems = new Problems(context);
    const noteZh = problems.text('reasonZh', input.reasonZh);
    problems.throwIfAny();
    return { noteZh };
  });
