import type { Database } from '@wenshu/kit/database.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { StarCriterion } from '../schema-types.ts';
import { isStanding, starCriteria } from '../star-lists.ts';
import { starListEntries } from '../tables.ts';

type Value = { readonly criterion: StarCriterion; readonly value: string };

/** Returns one number for each criterion, in their order. Reports what is missing, given twice, or out of its range. */
export function numbersByCriterion(
  problems: Problems,
  path: string,
  given: readonly Value[],
  isWithin: (value: number, at: number) => boolean,
  [rangeZh, rangeEn]: readonly [string, string],
): readonly string[] {
  return starCriteria.map((criterion, at) => {
    const values = given.filter((each) => each.criterion === criterion);
    const [value] = values;
    if (!value || values.length > 1) {
      problems.add(path, 'VALUE', `${criterion} 须恰有一项。`, `Give exactly one value for ${criterion}.`);
      return '0';
    }
    if (!isWithin(Number(value.value), at)) {
      problems.add(
        `${path}.${given.indexOf(value)}`,
        'VALUE',
        `${criterion} ${rangeZh}`,
        `${criterion}: ${rangeEn}`,
      );
    }
    return value.value;
  });
}

/** Ranks the entries that stand by their totals. Equal totals share a rank; an entry without a total has none. */
export const rankEntries = (db: Database, listId: string) =>
  db.execute(sql`update ${starListEntries} set rank = ranked.rank from (
      select ${starListEntries.enterpriseId} as id, case when ${isStanding} and ${starListEntries.total} is not null
        then rank() over (partition by ${isStanding} order by ${starListEntries.total} desc nulls last) end as rank
      from ${starListEntries} where ${starListEntries.listId} = ${listId}
    ) as ranked
    where ${starListEntries.listId} = ${listId} and ${starListEntries.enterpriseId} = ranked.id
      and ${starListEntries.rank} is distinct from ranked.rank`);

/** Returns the condition on one entry of a list. */
export const isEntry = (listId: string, enterpriseId: string) =>
  and(eq(starListEntries.listId, listId), eq(starListEntries.enterpriseId, enterpriseId));

/** Reports an enterprise that is no entry of a list. */
export async function mustBeEntry(
  db: Database,
  problems: Problems,
  path: string,
  listId: string,
  enterpriseId: string | null | undefined,
  { isStandingNeeded }: { readonly isStandingNeeded: boolean },
): Promise<void> {
  const [found] = enterpriseId
    ? await db
        .select({ id: starListEntries.enterpriseId })
        .from(starListEntries)
        .where(and(isEntry(listId, enterpriseId), isStandingNeeded ? isStanding : undefined))
    : [];
  if (found) return;
  problems.add(
    path,
    enterpriseId ? 'UNKNOWN' : 'MISSING',
    enterpriseId ? `“${enterpriseId}”不在榜单中。` : '须指明企业。',
    enterpriseId ? `"${enterpriseId}" is not on the list.` : 'Name the enterprise.',
  );
}

/** Takes an entry's rank, and says why the entry stands no longer. */
export const dropEntry = (
  db: Database,
  listId: string,
  enterpriseId: string,
  fate: Partial<typeof starListEntries.$inferInsert>,
) =>
  db
    .update(starListEntries)
    .set({ ...fate, rank: null })
    .where(isEntry(listId, enterpriseId))
    .then(() => rankEntries(db, listId));

/** Takes back all vetoes of a list that is drafted anew. */
export const liftVetoes = (db: Database, listId: string) =>
  db
    .update(starListEntries)
    .set({ vetoedById: null, vetoReasonZh: null })
    .where(and(eq(starListEntries.listId, listId), isNull(starListEntries.removedOn)))
    .then(() => rankEntries(db, listId));
