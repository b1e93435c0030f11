import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { termDays } from '@wenshu/kit/workflow/terms.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { eq, inArray } from 'drizzle-orm';
import type {
  AdvanceStarListInput,
  DraftStarListInput,
  NominateForStarListInput,
  SendStarListToVettingInput,
} from '../schema-types.ts';
import { starCriteria } from '../star-lists.ts';
import {
  agencies,
  policies,
  regions,
  type StarListRow,
  starListEntries,
  starLists,
  starListVerdicts,
  starListVetters,
} from '../tables.ts';
import { mustExist } from './must-exist.ts';
import {
  dropEntry,
  isEntry,
  liftVetoes,
  mustBeEntry,
  numbersByCriterion,
  rankEntries,
} from './star-list-entries.ts';
import type { StarListAction } from './star-list-table.ts';
import { starListWorkflow } from './star-lists.ts';

type ListEffect = Effect<typeof starLists>;

/** Drafts a star list with the weights of its criteria. */
export async function draftStarList(context: Context, input: DraftStarListInput): Promise<Carried> {
  const { key, year, half, regionCode, policyId = null } = input;
  const problems = new Problems(context);
  const nameZh = problems.text('nameZh', input.nameZh);
  const weights = weightsOf(problems, input);
  if (year < 2000 || year > 2100) {
    problems.add('year', 'VALUE', '年份须在 2000 至 2100 之间。', 'The year must be from 2000 to 2100.');
  }
  const [region] = await context.db
    .select({ code: regions.code })
    .from(regions)
    .where(eq(regions.code, regionCode));
  if (!region) problems.addUnknown('regionCode', regionCode);
  if (policyId !== null) await mustExist(context.db, problems, 'policyId', policyId, policies.id);
  problems.throwIfAny();
  const request = { action: 'DRAFT_LIST' as const, key, input };
  return carryOutFirst(context, starListWorkflow, request, { regionCode }, async (db, { stage, dueOn }) => {
    // A trial hub works on its synthetic city.
    const synthetic = readsSynthetic(context, undefined);
    const id = newId('star', synthetic);
    const row = { id, nameZh, year, half, regionCode, policyId, weights, stage, dueOn, synthetic };
    await db.insert(starLists).values(row);
    return { id };
  });
}

function weightsOf(problems: Problems, { weights }: DraftStarListInput): string[] {
  const given = weights.map(({ criterion, weight }) => ({ criterion, value: weight }));
  const numbers = numbersByCriterion(problems, 'weights', given, (weight) => weight > 0 && weight <= 100, [
    '的权重须大于 0、不超过 100。',
    'the weight must be above 0, and 100 at most.',
  ]);
  const sum = numbers.reduce((all, each) => all + hundredthsOf(each), 0);
  if (sum !== 10_000) {
    problems.add(
      'weights',
      'VALUE',
      `权重合计须为 100,现为 ${sum / 100}。`,
      `The weights must sum to 100, not ${sum / 100}.`,
    );
  }
  return [...numbers];
}

const hundredthsOf = (number: string) => Math.round(Number(number) * 100);

/** Nominates an enterprise with its scores. Its total is their sum, and its rank follows from the totals. */
export function nominateForStarList(context: Context, input: NominateForStarListInput): Promise<Carried> {
  const { enterpriseId } = input;
  const request = { ...input, action: 'NOMINATE' as const, input };
  return carryOut(context, starListWorkflow, request, ({ id, weights }) => {
    const problems = new Problems(context);
    const reasonZh = problems.optionalText('reasonZh', input.reasonZh);
    const scores = scoresOf(problems, input, weights);
    const performance = Number(scores[starCriteria.indexOf('PERFORMANCE')]);
    const performanceZh =
      performance > 0
        ? problems.text('performanceZh', input.performanceZh)
        : problems.optionalText('performanceZh', input.performanceZh);
    problems.throwIfAny();
    const total = String(scores.reduce((sum, each) => sum + hundredthsOf(each), 0) / 100);
    const criteria = starCriteria.filter((_, at) => Number(scores[at]) > 0);
    const entry = {
      criteria: [...criteria],
      scores: [...scores],
      total,
      performanceZh,
      reasonZh,
      rank: null,
    };
    return {
      details: { enterprise: enterpriseId, total },
      also: async (db) => {
        await db
          .insert(starListEntries)
          .values({ listId: id, enterpriseId, ...entry })
          .onConflictDoUpdate({
            target: [starListEntries.listId, starListEntries.enterpriseId],
            set: { ...entry, droppedOn: null },
          });
        await rankEntries(db, id);
      },
    };
  });
}

function scoresOf(
  problems: Problems,
  { scores }: NominateForStarListInput,
  weights: readonly string[] | null,
): readonly string[] {
  const given = scores.map(({ criterion, score }) => ({ criterion, value: score }));
  const isWithin = (score: number, at: number) => score >= 0 && score <= Number(weights?.[at] ?? 100);
  return numbersByCriterion(problems, 'scores', given, isWithin, [
    '的得分须在 0 与权重之间。',
    'the score must be from 0 to the weight.',
  ]);
}

/** The departments that vet each list. */
const vettingDepartments = ['MARKET_REGULATION', 'TAXATION', 'CYBERSPACE'] as const;

/** Sends a list to one agency of each department that vets it. */
export function sendStarListToVetting(context: Context, input: SendStarListToVettingInput): Promise<Carried> {
  const { agencyIds } = input;
  const request = { ...input, action: 'SEND_TO_VETTING' as const, input };
  return carryOut(context, starListWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const known = await db
      .select({ id: agencies.id, department: agencies.department })
      .from(agencies)
      .where(inArray(agencies.id, agencyIds));
    for (const [at, each] of agencyIds.entries()) {
      if (!known.some((agency) => agency.id === each)) problems.addUnknown(`agencyIds.${at}`, each);
    }
    const vetters = vettingDepartments.flatMap(
      (department) => known.find((agency) => agency.department === department)?.id ?? [],
    );
    if (vetters.length < vettingDepartments.length || agencyIds.length !== vettingDepartments.length) {
      problems.add(
        'agencyIds',
        'VALUE',
        '须为市场监管、税务、网信各一家单位。',
        'Name one agency of market regulation, one of tax and one of cyberspace affairs.',
      );
    }
    problems.throwIfAny();
    await db.delete(starListVetters).where(eq(starListVetters.listId, id));
    await db.insert(starListVetters).values(vetters.map((agencyId, seq) => ({ listId: id, seq, agencyId })));
    return { details: { agencies: vetters } };
  });
}

type Advance = (
  row: StarListRow,
  input: AdvanceStarListInput,
  problems: Problems,
  context: Context,
  db: Database,
) => Promise<ListEffect> | ListEffect;

/** What each further action changes. */
const advances: Partial<Record<StarListAction, Advance>> = {
  WITHDRAW_ENTRY: async ({ id }, { enterpriseId, noteZh }, problems, _context, db) => {
    await mustBeEntry(db, problems, 'enterpriseId', id, enterpriseId, { isStandingNeeded: false });
    return {
      noteZh: problems.optionalText('noteZh', noteZh),
      details: { enterprise: enterpriseId },
      also: (transaction) =>
        transaction
          .delete(starListEntries)
          .where(isEntry(id, enterpriseId ?? ''))
          .then(() => rankEntries(transaction, id)),
    };
  },
  RETURN_LIST: ({ id }, { noteZh }, problems) => ({
    set: { objectionUntil: null },
    noteZh: problems.text('noteZh', noteZh),
    also: async (db) => {
      await db.delete(starListVerdicts).where(eq(starListVerdicts.listId, id));
      await liftVetoes(db, id);
    },
  }),
  OPEN_OBJECTIONS: async ({ regionCode }, { noteZh }, problems, context, db) => {
    const days = await termDays(db, starListWorkflow, context, 'objection', regionCode);
    return {
      set: { objectionUntil: addWorkingDays(today(), days, context.calendar) },
      noteZh: problems.optionalText('noteZh', noteZh),
    };
  },
  PUBLISH: (_row, { noteZh }, problems) => ({
    set: { publishedOn: today() },
    noteZh: problems.optionalText('noteZh', noteZh),
  }),
  REMOVE_ENTRY: async ({ id }, { enterpriseId, noteZh }, problems, _context, db) => {
    await mustBeEntry(db, problems, 'enterpriseId', id, enterpriseId, { isStandingNeeded: true });
    const removalReasonZh = problems.text('noteZh', noteZh);
    return {
      noteZh: removalReasonZh,
      details: { enterprise: enterpriseId },
      also: (transaction) =>
        dropEntry(transaction, id, enterpriseId ?? '', { removedOn: today(), removalReasonZh }),
    };
  },
};

/** Carries out one of the further actions. */
export function advanceStarList(context: Context, input: AdvanceStarListInput): Promise<Carried> {
  const { action } = input;
  const advance = advances[action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${action} has a mutation of its own. Use that one.`, {
      messageZh: `${action} 有专门的变更,请用该变更。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, starListWorkflow, { ...input, input }, async (row, _transition, db) => {
    const problems = new Problems(context);
    const effect = await advance(row, input, problems, context, db);
    problems.throwIfAny();
    return effect;
  });
}

/** The agency or the enterprise for which a caller acts. */
export const partyOf = ({ caller }: Context) => ({
  agencyId: agencyOf(caller) ?? null,
  enterpriseId: caller?.kind === 'partner' ? (caller.enterpriseId ?? null) : null,
});
