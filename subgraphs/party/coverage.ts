import type { CoverageStatementRow, PartyUnitRow } from './tables.ts';

const noOrganisation = {
  zh: '没有党组织覆盖它的记录',
  en: 'No record says that a Party organisation covers it',
};
const noWork = {
  zh: '没有党建指导员、联络员、工会或共青团覆盖它的记录',
  en: 'No record says that an instructor, a liaison, a union or the youth league covers it',
};
const coveredWithoutWork = {
  zh: `已有党组织覆盖;党的工作是否覆盖未知:${noWork.zh}`,
  en: `A Party organisation covers it. Whether the Party's work covers it is unknown: ${noWork.en.replace(/^N/, 'n')}`,
};
const notTheSame = {
  zh: '没有记录不等于没有覆盖',
  en: 'A missing record does not mean that it is not covered',
};

/**
 * Returns the coverage of a park or enterprise. A Party organisation on record covers it. Without one, only a statement of the agency in
 * charge says whether it is covered; without both it is unknown. Work coverage is known only from statements.
 */
export function coverageOf(units: readonly PartyUnitRow[], statement: CoverageStatementRow | undefined) {
  const organisation = units.length > 0 ? 'COVERED' : (statement?.organisation ?? 'UNKNOWN');
  const work = statement?.work ?? 'UNKNOWN';
  return {
    organisation,
    work,
    mode: units[0]?.coverageMode ?? statement?.mode ?? null,
    units,
    ...reasonOf(organisation, work, statement),
  };
}

function reasonOf(organisation: string, work: string, statement: CoverageStatementRow | undefined) {
  if (organisation === 'COVERED' && work === 'COVERED') return { reasonZh: null, reasonEn: null };
  // A statement that a unit on record outdates gives no reason any more.
  if (statement?.organisation === organisation && (statement.reasonZh || statement.reasonEn)) {
    return { reasonZh: statement.reasonZh, reasonEn: statement.reasonEn };
  }
  const unknown = [
    ...(organisation === 'UNKNOWN' ? [noOrganisation] : []),
    ...(work === 'UNKNOWN' ? [organisation === 'COVERED' ? coveredWithoutWork : noWork] : []),
  ];
  if (unknown.length === 0) return { reasonZh: null, reasonEn: null };
  const sentences = [...unknown, notTheSame];
  return {
    reasonZh: `${sentences.map(({ zh }) => zh).join(';')}。`,
    reasonEn: `${sentences.map(({ en }) => en).join('. ')}.`,
  };
}

/** Returns `part` of `whole` in percent with two decimals, rounded half up. */
export function rateOf(part: number, whole: number): string {
  const hundredths = (BigInt(part) * 20_000n + BigInt(whole)) / (2n * BigInt(whole));
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
