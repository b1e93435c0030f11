import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, type ChangeRequest, carryOut, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { once } from '@wenshu/kit/workflow/mutation-keys.ts';
import type { Transition } from '@wenshu/kit/workflow/table.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type {
  AdvancePayoutInput,
  NoteBlacklistingInput,
  NotifyClawBackInput,
  PayPayoutInput,
  VetoPayoutInput,
} from '../schema-types.ts';
import { agencyTables, barredEnterprises, type PayoutRow, paymentRules, payouts } from '../tables.ts';
import { type PayoutAction, payoutTable } from './payout-table.ts';
import { blacklistedZh, vetoed } from './payout-veto.ts';
import { payoutWorkflow } from './payouts.ts';

type PayoutEffect = Effect<typeof payouts>;

/** Vetoes a payout, with the reason and the rule that it rests on. */
export function vetoPayout(context: Context, input: VetoPayoutInput): Promise<Carried> {
  const request = { ...input, action: 'VETO' as const, input };
  return carryOut(context, payoutWorkflow, request, (row) => {
    const problems = new Problems(context);
    const noteZh = problems.text('reasonZh', input.reasonZh);
    const basisZh = problems.text('basisZh', input.basisZh);
    problems.throwIfAny();
    return vetoed(row, noteZh, basisZh);
  });
}

/** Voucher numbers: letters, digits, hyphens and the signs of Chinese document numbers. */
const voucherForm = /^[\p{L}\d〔〕\-/]{2,40}$/u;

/** Notes the payment. */
export function payPayout(context: Context, input: PayPayoutInput): Promise<Carried> {
  const { paidOn, voucherNo } = input;
  return carryOut(context, payoutWorkflow, { ...input, action: 'PAY', input }, (row) => {
    const problems = new Problems(context);
    if (paidOn > today()) {
      problems.add('paidOn', 'DATE', '兑付日期不得晚于今天。', 'The day must not be after today.');
    }
    if (row.matchedOn !== null && paidOn < row.matchedOn) {
      problems.add('paidOn', 'DATE', '兑付日期不得早于匹配。', 'The day must not be before the match.');
    }
    problems.text('voucherNo', voucherNo);
    if (!voucherForm.test(voucherNo)) {
      problems.add(
        'voucherNo',
        'UNKNOWN',
        '凭证号只含二至四十个字母、汉字、数字和连字符。',
        'A voucher number has 2 to 40 letters, digits and hyphens.',
      );
    }
    problems.throwIfAny();
    return { set: { paidOn, voucherNo } };
  });
}

/** Tells the enterprise what is to be paid back and why. It replies before anything is decided. */
export function notifyClawBack(context: Context, input: NotifyClawBackInput): Promise<Carried> {
  const request = { ...input, action: 'NOTIFY_CLAW_BACK' as const, input };
  return carryOut(context, payoutWorkflow, request, (row) => {
    const problems = new Problems(context);
    const noteZh = problems.text('reasonZh', input.reasonZh);
    const clawBackAmount = input.amount;
    if (Number(clawBackAmount) <= 0 || Number(clawBackAmount) > Number(row.amount)) {
      problems.add(
        'amount',
        'UNKNOWN',
        '追回金额须大于零,且不超过已兑付金额。',
        'The amount must be above zero and at most what was paid.',
      );
    }
    problems.throwIfAny();
    return { set: { clawBackAmount, isReplied: false }, noteZh, details: { amount: clawBackAmount } };
  });
}

type Advance = (
  row: PayoutRow,
  input: AdvancePayoutInput,
  problems: Problems,
  context: Context,
  transition: Transition,
) => PayoutEffect;

/** Returns an action that demands a note. */
const withReason =
  (effectOf: (row: PayoutRow, noteZh: string) => PayoutEffect): Advance =>
  (row, input, problems) => {
    const noteZh = problems.text('noteZh', input.noteZh);
    return { noteZh, ...effectOf(row, noteZh) };
  };

/** Returns an action to which a note may be added. */
const withNote =
  (set: PayoutEffect['set'] = {}): Advance =>
  (_row, input, problems) => ({ set, noteZh: problems.optionalText('noteZh', input.noteZh) });

/** What each further action changes. */
const advances: Partial<Record<PayoutAction, Advance>> = {
  CONFIRM: withNote(),
  DECLINE: withNote(),
  PUBLICISE: (_row, input, problems, { calendar }, { workingDays }) => ({
    noteZh: problems.optionalText('noteZh', input.noteZh),
    set: { publicUntil: addWorkingDays(today(), workingDays ?? 0, calendar) },
  }),
  OBJECT: withReason(() => ({ set: { isObjected: true } })),
  DISMISS_OBJECTION: withReason(() => ({ set: { isObjected: false } })),
  UPHOLD_OBJECTION: withReason((row, noteZh) => ({
    ...vetoed(row, noteZh, null),
    set: { isObjected: false },
  })),
  APPROVE: (row, input, problems) => ({
    noteZh: problems.optionalText('noteZh', input.noteZh),
    details: { amount: row.amount },
    also: (db) => commit(db, row),
  }),
  AUDIT: withNote(),
  REPLY: withReason(() => ({ set: { isReplied: true } })),
  DROP_CLAW_BACK: withReason(() => ({ set: { clawBackAmount: null, isReplied: false } })),
  CLAW_BACK: withReason(({ clawBackAmount }) => ({ details: { amount: clawBackAmount } })),
};

/**
 * Commits the amount of a payout within the budget. The statement reads the sum that is there when its lock is free, and
 * the table refuses a sum above the budget, so that two approvals at the same time cannot exceed it together.
 */
async function commit(db: Database, { ruleId, amount }: PayoutRow): Promise<void> {
  const sum = sql`${paymentRules.committed} + ${amount}::numeric`;
  const within = and(eq(paymentRules.id, ruleId ?? ''), sql`${sum} <= ${paymentRules.budget}`);
  const done = await db
    .update(paymentRules)
    .set({ committed: sum })
    .where(within)
    .returning({ id: paymentRules.id });
  if (done.length > 0) return;
  const [rule] = await db
    .select({ left: sql<string>`${paymentRules.budget} - ${paymentRules.committed}` })
    .from(paymentRules)
    .where(eq(paymentRules.id, ruleId ?? ''));
  const left = rule?.left ?? '0';
  throw new HubError('OVER_BUDGET', `The budget has ${left} yuan left, and the payout needs ${amount}.`, {
    messageZh: `预算余额 ${left} 元,不足兑付 ${amount} 元。`,
    left,
    amount,
  });
}

/** Carries out one of the further actions. */
export function advancePayout(context: Context, input: AdvancePayoutInput): Promise<Carried> {
  const { action } = input;
  const advance = advances[action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${action} is not carried out by this mutation.`, {
      messageZh: `${action} 不由该变更办理。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, payoutWorkflow, { ...input, input }, (row, transition) => {
    const problems = new Problems(context);
    const effect = advance(row, input, problems, context, transition);
    problems.throwIfAny();
    return effect;
  });
}

const stoppable = payoutTable.transitions.find(({ action }) => action === 'VETO_BLACKLISTED')?.from ?? [];

/**
 * Notes that an enterprise was put on the blacklist, and vetoes its open payouts; or that it left the blacklist. Returns
 * how many were vetoed.
 */
export async function noteBlacklisting(context: Context, input: NoteBlacklistingInput) {
  const request = { key: input.key, input };
  const { number: vetoed, isReplay } = await once(context, agencyTables, request, async (inside) => {
    const number = input.isBlacklisted ? await bar(inside, input) : await readmit(inside, input);
    return { id: input.enterpriseId, number };
  });
  return { vetoed, isReplay };
}

async function bar(context: Context, input: NoteBlacklistingInput): Promise<number> {
  const { enterpriseId } = input;
  const problems = new Problems(context);
  const basisZh = problems.text('basisZh', input.basisZh);
  problems.throwIfAny();
  await context.db
    .insert(barredEnterprises)
    .values({ enterpriseId, basisZh })
    .onConflictDoUpdate({ target: barredEnterprises.enterpriseId, set: { basisZh } });
  const open = await context.db
    .select({ id: payouts.id, version: payouts.version })
    .from(payouts)
    .where(and(eq(payouts.enterpriseId, enterpriseId), inArray(payouts.stage, [...stoppable])))
    .orderBy(payouts.id);
  let count = 0;
  for (const { id, version } of open) {
    const key = `${input.key} ${id}`;
    const request = { action: 'VETO_BLACKLISTED' as const, id, version, key, input };
    count += Number(await isVetoed(context, request, basisZh));
  }
  return count;
}

/** Vetoes a payout. False if somebody else was faster: then the sweep vetoes it, if it is still open. */
async function isVetoed(
  context: Context,
  request: ChangeRequest<PayoutAction>,
  basisZh: string,
): Promise<boolean> {
  try {
    await carryOut(context, payoutWorkflow, request, (row) => vetoed(row, blacklistedZh, basisZh));
    return true;
  } catch (error) {
    if (error instanceof HubError) return false;
    throw error;
  }
}

async function readmit({ db }: Context, { enterpriseId }: NoteBlacklistingInput): Promise<number> {
  await db.delete(barredEnterprises).where(eq(barredEnterprises.enterpriseId, enterpriseId));
  return 0;
}
