import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { and, eq } from 'drizzle-orm';
import type {
  AnswerStarListObjectionInput,
  ObjectToStarListInput,
  VetStarListInput,
} from '../schema-types.ts';
import {
  type StarListObjectionRow,
  starListEntries,
  starListObjections,
  starListVerdicts,
} from '../tables.ts';
import { dropEntry, mustBeEntry } from './star-list-entries.ts';
import { partyOf } from './star-list-mutations.ts';
import { starListWorkflow } from './star-lists.ts';

type Verdict = VetStarListInput['verdicts'][number];

/** Gives the verdicts of an agency on some entries. Each entry gets one verdict of each agency. */
export function vetStarList(context: Context, input: VetStarListInput): Promise<Carried> {
  const { verdicts } = input;
  const agencyId = agencyOf(context.caller) ?? '';
  const request = { ...input, action: 'VET' as const, input };
  return carryOut(context, starListWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const open = await entriesWithout(db, id, agencyId);
    const rows = verdicts.map((verdict, at) => {
      checkVerdict(problems, verdict, at, verdicts, open);
      const { enterpriseId, verdict: said } = verdict;
      const reasonZh = said === 'VETO' ? problems.text(`verdicts.${at}.reasonZh`, verdict.reasonZh) : null;
      return { listId: id, enterpriseId, agencyId, verdict: said, reasonZh, on: today() };
    });
    if (rows.length === 0) {
      problems.add('verdicts', 'MISSING', '须至少对一家企业提出意见。', 'Give at least one verdict.');
    }
    problems.throwIfAny();
    return {
      details: { verdicts },
      also: async (transaction) => {
        await transaction.insert(starListVerdicts).values(rows);
        await veto(transaction, id, open, rows);
      },
    };
  });
}

type OpenEntry = { readonly id: string; readonly vetoedById: string | null };

/** Returns the entries of a list on which an agency has given no verdict. */
async function entriesWithout(db: Database, listId: string, agencyId: string): Promise<readonly OpenEntry[]> {
  const entries = await db
    .select({ id: starListEntries.enterpriseId, vetoedById: starListEntries.vetoedById })
    .from(starListEntries)
    .where(eq(starListEntries.listId, listId));
  const given = await db
    .select({ id: starListVerdicts.enterpriseId })
    .from(starListVerdicts)
    .where(and(eq(starListVerdicts.listId, listId), eq(starListVerdicts.agencyId, agencyId)));
  return entries.filter(({ id }) => !given.some((verdict) => verdict.id === id));
}

function checkVerdict(
  problems: Problems,
  { enterpriseId }: Verdict,
  at: number,
  all: readonly Verdict[],
  open: readonly OpenEntry[],
): void {
  const path = `verdicts.${at}.enterpriseId`;
  if (!open.some(({ id }) => id === enterpriseId)) {
    problems.add(
      path,
      'UNKNOWN',
      `“${enterpriseId}”不在榜单中,或贵单位已提出意见。`,
      `"${enterpriseId}" is not on the list, or has your verdict already.`,
    );
  }
  if (all.findIndex((each) => each.enterpriseId === enterpriseId) < at) {
    problems.add(path, 'DUPLICATE', `“${enterpriseId}”重复。`, `"${enterpriseId}" is named twice.`);
  }
}

type VerdictRow = typeof starListVerdicts.$inferInsert;

/** Takes the vetoed entries' ranks. The first veto of an entry stays the one that it shows. */
async function veto(db: Database, listId: string, open: readonly OpenEntry[], verdicts: VerdictRow[]) {
  for (const { enterpriseId, verdict, agencyId, reasonZh = null } of verdicts) {
    const isFirst = open.some(({ id, vetoedById }) => id === enterpriseId && vetoedById === null);
    if (verdict !== 'VETO' || !isFirst) continue;
    await dropEntry(db, listId, enterpriseId, { vetoedById: agencyId, vetoReasonZh: reasonZh });
  }
}

/** Objects to a list, or to one of its entries. */
export function objectToStarList(context: Context, input: ObjectToStarListInput): Promise<Carried> {
  const { againstId = null } = input;
  const request = { ...input, action: 'RAISE_OBJECTION' as const, input };
  return carryOut(context, starListWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const textZh = problems.text('textZh', input.textZh);
    if (againstId !== null) {
      await mustBeEntry(db, problems, 'againstId', id, againstId, { isStandingNeeded: true });
    }
    problems.throwIfAny();
    const seq = await db.$count(starListObjections, eq(starListObjections.listId, id));
    const objection = { listId: id, seq, ...partyOf(context), againstId, textZh, raisedOn: today() };
    return {
      details: { objection: seq, against: againstId },
      also: (transaction) => transaction.insert(starListObjections).values(objection),
    };
  });
}

/** Answers an objection. If it is upheld, the entry that it is about stands no longer. */
export function answerStarListObjection(
  context: Context,
  input: AnswerStarListObjectionInput,
): Promise<Carried> {
  const { objection: seq, outcome } = input;
  const request = { ...input, action: 'ANSWER_OBJECTION' as const, input };
  return carryOut(context, starListWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const answerZh = problems.text('answerZh', input.answerZh);
    const isThis = and(eq(starListObjections.listId, id), eq(starListObjections.seq, seq));
    const [objection] = await db.select().from(starListObjections).where(isThis);
    checkOpen(problems, objection, seq);
    problems.throwIfAny();
    const against = outcome === 'UPHELD' ? objection?.againstId : null;
    return {
      noteZh: answerZh,
      details: { objection: seq, outcome },
      also: async (transaction) => {
        await transaction
          .update(starListObjections)
          .set({ outcome, answerZh, answeredOn: today() })
          .where(isThis);
        if (against) await dropEntry(transaction, id, against, { droppedOn: today() });
      },
    };
  });
}

function checkOpen(problems: Problems, objection: StarListObjectionRow | undefined, seq: number): void {
  if (!objection) problems.addUnknown('objection', String(seq));
  else if (objection.outcome !== null) {
    problems.add(
      'objection',
      'VALUE',
      `第 ${seq} 项异议已答复。`,
      `Objection ${seq} has its answer already.`,
    );
  }
}
