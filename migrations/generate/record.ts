import { dateOf, today } from './days.ts';
import type { Random } from './random.ts';

/** Appended to every name: nobody takes a synthetic firm for a real one. */
export const suffix = { zh: '（合成）', en: ' (synthetic)' } as const;

/** When a record was last changed: within the last two years. */
const changedAt = (random: Random): string =>
  `${dateOf(today - random.below(730))} ${String(random.between(8, 17)).padStart(2, '0')}:${String(random.below(60)).padStart(2, '0')}:00+00`;

/** The columns of a record that has no names of its own. */
export const statementColumns = (id: string, random: Random) => ({
  id,
  notes: null,
  citations: [],
  synthetic: true,
  updatedAt: changedAt(random),
  version: 1,
});

/** The columns that every record has. */
export const recordColumns = (id: string, name: { zh: string; en: string }, random: Random) => ({
  ...statementColumns(id, random),
  nameZh: `${name.zh}${suffix.zh}`,
  nameEn: `${name.en}${suffix.en}`,
  aliases: [] as string[],
  facts: {} as Record<string, unknown>,
});
