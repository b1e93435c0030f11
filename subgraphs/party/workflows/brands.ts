import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { conflict, HubError } from '@wenshu/schema/errors.ts';
import { isSyntheticId, syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { eq } from 'drizzle-orm';
import type {
  AdvancePartyBrandInput,
  NominatePartyBrandInput,
  SetPartyBrandPlanInput,
} from '../schema-types.ts';
import { brandHonours, brandPlans, partyBrands, partyUnits, regions } from '../tables.ts';
import { checkExists, oneSubject } from './checks.ts';
import { brandPlanWorkflow, brandWorkflow } from './workflows.ts';

/** Nominates a brand. Throws BAD_USER_INPUT with all problems, and what the engine throws. */
export async function nominatePartyBrand(context: Context, input: NominatePartyBrandInput): Promise<Carried> {
  const { regionCode, unitId, key } = input;
  const problems = new Problems(context);
  const nameZh = problems.text('nameZh', input.nameZh);
  const nameEn = problems.text('nameEn', input.nameEn);
  const owner = oneSubject(problems, input);
  await Promise.all([
    checkExists(context.db, problems, 'regionCode', regionCode, regions, regions.code),
    checkExists(context.db, problems, 'unitId', unitId, partyUnits, partyUnits.id),
  ]);
  problems.throwIfAny();
  const request = { action: 'NOMINATE' as const, key, input };
  return carryOutFirst(context, brandWorkflow, request, { regionCode }, async (db, { stage, dueOn }) => {
    const synthetic = isSyntheticId(owner.id);
    const id = newId('brand', synthetic);
    await db.insert(partyBrands).values({
      id,
      nameZh,
      nameEn,
      regionCode,
      cultivatedById: unitId,
      ownerType: owner.type,
      ownerId: owner.id,
      stage,
      dueOn,
      synthetic,
    });
    return { id };
  });
}

/** Carries out another action on a brand. */
export function advancePartyBrand(context: Context, input: AdvancePartyBrandInput): Promise<Carried> {
  const { action } = input;
  if (action === 'NOMINATE') {
    throw new HubError('BAD_USER_INPUT', `${action} has a mutation of its own. Use that one.`, {
      messageZh: `${action} 有专门的变更,请用该变更。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, brandWorkflow, { ...input, input }, ({ id }) => {
    const problems = new Problems(context);
    const noteZh =
      action === 'DROP'
        ? problems.text('noteZh', input.noteZh)
        : problems.optionalText('noteZh', input.noteZh);
    const titleZh = action === 'AWARD' ? problems.text('titleZh', input.titleZh) : undefined;
    problems.throwIfAny();
    return {
      noteZh,
      ...(titleZh !== undefined && {
        details: { title: titleZh },
        also: (db: Database) => addHonour(db, id, titleZh),
      }),
    };
  });
}

async function addHonour(db: Database, brandId: string, titleZh: string): Promise<void> {
  const seq = await db.$count(brandHonours, eq(brandHonours.ownerId, brandId));
  const year = Number(today().slice(0, 4));
  await db.insert(brandHonours).values({ ownerId: brandId, seq, titleZh, year });
}

/** Sets the number of brands that a region means to cultivate in a year, or changes it. */
export async function setPartyBrandPlan(context: Context, input: SetPartyBrandPlanInput): Promise<Carried> {
  const { regionCode, year, planned, version, key } = input;
  const problems = new Problems(context);
  await checkExists(context.db, problems, 'regionCode', regionCode, regions, regions.code);
  if (planned < 0 || planned > 1_000)
    problems.add('planned', 'LENGTH', '须为 0 至 1000。', 'The number must be from 0 to 1,000.');
  if (year < 2_000 || year > 2_100)
    problems.add('year', 'DATE', '年份须为 2000 至 2100。', 'The year must be from 2000 to 2100.');
  problems.throwIfAny();
  const synthetic = readsSynthetic(context);
  const id = `${synthetic ? syntheticPrefix : ''}plan-${regionCode}-${year}`;
  const action = 'SET' as const;
  const details = { planned };
  if (version != null) {
    return carryOut(context, brandPlanWorkflow, { action, key, id, version, input }, () => ({
      set: { planned },
      details,
    }));
  }
  const request = { action, key, input };
  return carryOutFirst(context, brandPlanWorkflow, request, { regionCode }, async (db, { stage }) => {
    const [made] = await db
      .insert(brandPlans)
      .values({ id, regionCode, year, planned, stage, synthetic, dueOn: `${year}-12-31` })
      .onConflictDoNothing()
      .returning({ id: brandPlans.id });
    if (!made) {
      throw conflict('There is a plan of this region for this year already. Give its version.', {
        messageZh: '该地区当年已有计划,请注明所据版本。',
      });
    }
    return { id, dueOn: `${year}-12-31`, details };
  });
}
