import { dateOf, today } from './days.ts';
import type { Random } from './random.ts';

/** Suffix of every name, so that nobody mistakes a synthetic firm for a real one. */
export const suffix = { zh: '（合成）', en: ' (synthetic)' } as const;

/** Returns the last change of a record, within the last two years. */
const changedAt = (random: Random): string =>
  `${dateOf(today - random.below(730))} ${String(random.between(8, 17)).padStart(2, '0')}:${String(random.below(60)).padStart(2, '0')}:00+00`;

/** Returns the columns of a record without names. */
export const statementColumns = (id: string, random: Random) => ({
  id,
  notes: null,
  notesZh: null,
  citations: [],
  synthetic: true,
  updatedAt: changedAt(random),
  version: 1,
});

/** Returns the columns of every record. */
export const recordColumns = (id: string, name: { zh: string; en: string }, random: Random) => ({
  ...statementColumns(id, random),
  nameZh: `${name.zh}${suffix.zh}`,
  nameEn: `${name.en}${suffix.en}`,
  aliases: [] as string[],
  facts: {} as Record<string, unknown>,
});
