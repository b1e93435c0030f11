import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { conflict, HubError } from '@wenshu/schema/errors.ts';
import { and, eq, sql } from 'drizzle-orm';
import type { AdvanceBlacklistEntryInput, ProposeBlacklistEntryInput } from '../schema-types.ts';
import { blacklistEntries } from '../tables.ts';
import type { BlacklistAction } from './blacklist-table.ts';
import { blacklistWorkflow } from './enforcement.ts';
import { enterpriseOfRecord, lockEnterprise } from './enterprise-of-record.ts';

/** Proposes to list an enterprise. The proposal is the prior notice to it. */
export async function proposeBlacklistEntry(
  context: Context,
  input: ProposeBlacklistEntryInput,
): Promise<Carried> {
  const { enterpriseId } = input;
  const problems = new Problems(context);
  const reasonZh = problems.text('reasonZh', input.reasonZh);
  const basisZh = problems.text('basisZh', input.basisZh);
  const { regionCode, synthetic } = await enterpriseOfRecord(context.db, problems, enterpriseId);
  problems.throwIfAny();
  const listedById = agencyOf(context.caller);
  const request = { action: 'PROPOSE' as const, key: input.key, input };
  const relations = listedById === undefined ? [] : ['listing'];
  const intended = { regionCode, enterpriseId, relations };
  return carryOutFirst(context, blacklistWorkflow, request, intended, async (db, { stage, dueOn }) => {
    const id = newId('bl', synthetic);
    await lockEnterprise(db, enterpriseId);
    const standing = await db.$count(
      blacklistEntries,
      and(
        eq(blacklistEntries.enterpriseId, enterpriseId),
        eq(blacklistEntries.listedById, listedById ?? ''),
        sql`${blacklistEntries.stage} in ('PROPOSED', 'BLACKLISTED', 'PUBLISHED')
          and coalesce(${blacklistEntries.until} >= ${today()}::date, true) and ${blacklistEntries.restoredOn} is null`,
      ),
    );
    if (standing > 0) throw alreadyListed(enterpriseId);
    await db.insert(blacklistEntries).values({
      id,
      enterpriseId,
      listedById: listedById ?? '',
      reasonZh,
      basisZh,
      regionCode,
      synthetic,
      stage,
      dueOn,
      proposedOn: today(),
    });
    return { id, details: { basisZh } };
  });
}

const alreadyListed = (enterpriseId: string) =>
  conflict(`Your agency has proposed or listed "${enterpriseId}" already.`, {
    messageZh: `您的机构已拟列入或已列入“${enterpriseId}”。`,
    enterpriseId,
  });

type Advance = (input: AdvanceBlacklistEntryInput, problems: Problems) => Effect<typeof blacklistEntries>;

const withReason =
  (advance: Advance): Advance =>
  (input, problems) => {
    const noteZh = problems.text('noteZh', input.noteZh);
    return { ...advance({ ...input, noteZh }, problems), noteZh };
  };

/** What each action changes. */
const advances: Partial<Record<BlacklistAction, Advance>> = {
  STATE_CASE: withReason(({ noteZh }) => ({ set: { statementZh: noteZh ?? '' } })),
  LIST: ({ until = null, noteZh }, problems) => {
    if (until === null || until <= today())
      problems.add('until', 'DATE', '须定今后的期满之日。', 'Set a later day on which the entry ends.');
    return { set: { listedOn: today(), until }, noteZh: problems.optionalText('noteZh', noteZh) };
  },
  DROP: withReason(() => ({})),
  PUBLISH: ({ noteZh }, problems) => ({
    set: { publishedOn: today() },
    noteZh: problems.optionalText('noteZh', noteZh),
  }),
  RESTORE: withReason(() => ({ set: { restoredOn: today() } })),
};

/** Carries out an action on a blacklist entry. */
export function advanceBlacklistEntry(context: Context, input: AdvanceBlacklistEntryInput): Promise<Carried> {
  const advance = advances[input.action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${input.action} is not for this mutation.`, {
      messageZh: `${input.action} 不由该变更办理。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, blacklistWorkflow, { ...input, input }, () => {
    const problems = new Problems(context);
    const effect = advance(input, problems);
    problems.throwIfAny();
    return effect;
  });
}
