import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { conflict } from '@wenshu/schema/errors.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { and, eq, sql } from 'drizzle-orm';
import type { RecordPartyCoverageInput } from '../schema-types.ts';
import { coverageStatements, coverages, partyUnits, regions } from '../tables.ts';
import { checkExists, oneSubject } from './checks.ts';
import { coverageWorkflow } from './workflows.ts';

/** Months until a statement is checked again. */
const monthsUntilCheck = 6;

/** What a gap is called where a reason is asked for. */
const gaps = {
  NO_MEMBERS: { zh: '没有党员', en: 'It has no Party members' },
  FEWER_THAN_3: { zh: '正式党员不足三名', en: 'It has fewer than three full Party members' },
  JOINT_PENDING: { zh: '联合党支部正在组建', en: 'A joint branch is being set up' },
  NEW: { zh: '新设立', en: 'It is new' },
} as const;

type CoverageEffect = Effect<typeof coverageStatements>;

/**
 * Records the coverage of a park or enterprise. Throws BAD_USER_INPUT with all problems, CONFLICT for a second first record,
 * and what the engine throws.
 */
export async function recordPartyCoverage(
  context: Context,
  input: RecordPartyCoverageInput,
): Promise<Carried> {
  const problems = new Problems(context);
  const noteZh = problems.optionalText('noteZh', input.noteZh);
  const subject = oneSubject(problems, input);
  await Promise.all([
    checkContent(context.db, problems, input, subject.id),
    checkRegion(context.db, problems, input),
  ]);
  problems.throwIfAny();
  const { action, key, version, regionCode = null } = input;
  const effect = effectOf(input, subject);
  const content = { noteZh, details: detailsOf(input) };
  if (version != null) {
    const request = { action, key, version, id: subject.id, input };
    return carryOut(context, coverageWorkflow, request, ({ dueOn }) => ({
      ...effect,
      ...content,
      details: { ...content.details, wasDueOn: dueOn },
    }));
  }
  return carryOutFirst(
    context,
    coverageWorkflow,
    { action, key, input },
    { regionCode },
    async (db, { stage }) => {
      const dueOn = effect.dueOn ?? null;
      const [made] = await db
        .insert(coverageStatements)
        .values({
          id: subject.id,
          targetType: subject.type,
          regionCode,
          synthetic: isSyntheticId(subject.id),
          stage,
          dueOn,
          ...coverageWorkflow.columnsAt?.(stage),
          ...effect.set,
        })
        .onConflictDoNothing()
        .returning({ id: coverageStatements.id });
      if (!made) throw await alreadyRecorded(db, subject.id);
      await effect.also?.(db);
      return { id: subject.id, dueOn, ...content };
    },
  );
}

const detailsOf = ({ gap, mode, unitId }: RecordPartyCoverageInput) => ({
  ...(gap && { gap }),
  ...(mode && { mode }),
  ...(unitId && { unit: unitId }),
});

/** Returns what an action writes beside the stage. */
function effectOf(
  { action, gap, mode, unitId }: RecordPartyCoverageInput,
  { id, type }: { readonly id: string; readonly type: string },
): CoverageEffect {
  if (action === 'DISSOLVE') {
    return { set: nothingOnRecord, also: (db) => db.delete(coverages).where(eq(coverages.targetId, id)) };
  }
  const dueOn = monthsAfter(today(), monthsUntilCheck);
  if (action === 'CHECK') return { dueOn };
  if (action === 'ESTABLISH' && unitId) {
    const also = (db: Database) =>
      db.insert(coverages).values({ unitId, targetType: type, targetId: id }).onConflictDoNothing();
    return { dueOn, set: { ...nothingOnRecord, mode: mode ?? null, unitId }, also };
  }
  const reason = gap ? gaps[gap] : undefined;
  return {
    dueOn,
    set: { ...nothingOnRecord, gap: gap ?? null, reasonZh: reason?.zh ?? null, reasonEn: reason?.en ?? null },
  };
}

const nothingOnRecord = { gap: null, mode: null, unitId: null, reasonZh: null, reasonEn: null };

async function checkContent(
  db: Database,
  problems: Problems,
  { action, gap, mode, unitId }: RecordPartyCoverageInput,
  subjectId: string,
): Promise<void> {
  if (action === 'RECORD_GAP' && !gap)
    problems.add('gap', 'MISSING', '须说明未覆盖的原因。', 'Say why no organisation covers it.');
  if (action === 'ESTABLISH') {
    if (!mode) problems.add('mode', 'MISSING', '须注明覆盖方式。', 'Say how it is covered.');
    if (!unitId) problems.add('unitId', 'MISSING', '须注明党组织。', 'Name the organisation.');
    else await checkCovers(db, problems, unitId);
    return;
  }
  if (action !== 'CHECK' && action !== 'DISSOLVE') await checkUncovered(db, problems, subjectId);
}

/** A coordination body, and the zone's own committee, cover nobody. */
async function checkCovers(db: Database, problems: Problems, unitId: string): Promise<void> {
  const [unit] = await db
    .select({ covers: sql<boolean>`party.covers(${partyUnits.kind})` })
    .from(partyUnits)
    .where(eq(partyUnits.id, unitId));
  if (!unit) problems.addUnknown('unitId', unitId);
  else if (!unit.covers) {
    problems.add(
      'unitId',
      'UNKNOWN',
      '该组织为议事协调机构或机关党组织,不覆盖园区和企业。',
      'This organisation coordinates, or is of the administration itself: it covers no parks and enterprises.',
    );
  }
}

async function checkUncovered(db: Database, problems: Problems, subjectId: string): Promise<void> {
  const [covering] = await db
    .select({ id: partyUnits.id })
    .from(coverages)
    .innerJoin(partyUnits, eq(partyUnits.id, coverages.unitId))
    .where(and(eq(coverages.targetId, subjectId), sql`party.covers(${partyUnits.kind})`));
  if (!covering) return;
  problems.add(
    'action',
    'UNKNOWN',
    `已有党组织 ${covering.id} 覆盖;如已撤销,请先记 DISSOLVE。`,
    `${covering.id} covers it. If that organisation was dissolved, record DISSOLVE first.`,
  );
}

/** The first record states the region. */
async function checkRegion(
  db: Database,
  problems: Problems,
  { version, regionCode }: RecordPartyCoverageInput,
): Promise<void> {
  if (version == null && !regionCode)
    problems.add('regionCode', 'MISSING', '首次记录须注明地区。', 'The first record needs the region.');
  if (regionCode) await checkExists(db, problems, 'regionCode', regionCode, regions, regions.code);
}

async function alreadyRecorded(db: Database, id: string) {
  const [now] = await db
    .select({ version: coverageStatements.version, stage: coverageStatements.stage })
    .from(coverageStatements)
    .where(eq(coverageStatements.id, id));
  return conflict(`There is a coverage case of "${id}" already. Give its version.`, {
    messageZh: `“${id}”已有覆盖台账,请注明所据版本。`,
    ...now,
  });
}

/** Returns the day some months later; the last day of the month if there is no such day. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
