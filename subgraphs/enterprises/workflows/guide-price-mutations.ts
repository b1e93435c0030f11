import type { Context } from '@wenshu/kit/context.ts';
import { type Carried, carryOut, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { eq } from 'drizzle-orm';
import type { RecordGuidePriceInput, WithdrawGuidePriceInput } from '../schema-types.ts';
import { guidePriceIssuers, guidePrices, regions } from '../tables.ts';
import { guidePriceWorkflow } from './enforcement.ts';

/** Records a guide price that associations issued. */
export async function recordGuidePrice(context: Context, input: RecordGuidePriceInput): Promise<Carried> {
  const { regionCode, floor, validFrom, validUntil, issuerIds } = input;
  const problems = new Problems(context);
  const lineZh = problems.text('lineZh', input.lineZh);
  const basisZh = problems.optionalText('basisZh', input.basisZh);
  const known = await context.db.$count(regions, eq(regions.code, regionCode));
  if (known === 0) problems.addUnknown('regionCode', regionCode);
  if (Number(floor) <= 0) problems.add('floor', 'LENGTH', '须为正数。', 'It must be more than 0.');
  if (validUntil < validFrom)
    problems.add('validUntil', 'DATE', '不得早于开始之日。', 'It must not be before the first day.');
  if (issuerIds.length === 0)
    problems.add('issuerIds', 'MISSING', '须有发布协会。', 'Name the associations that issued it.');
  problems.throwIfAny();
  const request = { action: 'RECORD' as const, key: input.key, input };
  return carryOutFirst(context, guidePriceWorkflow, request, { regionCode }, async (db, { stage }) => {
    const id = newId('gp', false);
    await db.insert(guidePrices).values({
      id,
      lineZh,
      floor,
      regionCode,
      validFrom,
      validUntil,
      basisZh,
      recordedById: agencyOf(context.caller) ?? null,
      stage,
    });
    const issuers = [...new Set(issuerIds)];
    await db.insert(guidePriceIssuers).values(issuers.map((agencyId) => ({ guidePriceId: id, agencyId })));
    return { id };
  });
}

/** Withdraws a guide price before its period is over. */
export function withdrawGuidePrice(context: Context, input: WithdrawGuidePriceInput): Promise<Carried> {
  const request = { ...input, action: 'WITHDRAW' as const, input };
  return carryOut(context, guidePriceWorkflow, request, () => {
    const problems = new Problems(context);
    const noteZh = problems.text('noteZh', input.noteZh);
    problems.throwIfAny();
    return { noteZh };
  });
}
