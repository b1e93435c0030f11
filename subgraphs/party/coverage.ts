import type { CoverageStateRow } from './coverage-states.ts';

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
 * The coverage of a park or enterprise of which nothing is on record. `@relation` of `PartyCoverageFilter.target` says the same, so that
 * conditions find it.
 */
export const nothingOnRecord = (targetType: 'Park' | 'Enterprise', targetId: string): CoverageStateRow => ({
  targetId,
  targetType,
  regionCode: null,
  synthetic: false,
  organisation: 'UNKNOWN',
  work: 'UNKNOWN',
  mode: null,
  statedOrganisation: null,
  reasonZh: null,
  reasonEn: null,
});

/** Returns why a park or enterprise does not count as covered, in two languages; nulls if it is covered or no reason is stated. */
export function reasonOf({ organisation, work, statedOrganisation, reasonZh, reasonEn }: CoverageStateRow): {
  zh: string | null;
  en: string | null;
} {
  const nothing = { zh: null, en: null };
  if (organisation === 'COVERED' && work === 'COVERED') return nothing;
  // A statement that a unit on record outdates gives no reason any more.
  if (statedOrganisation === organisation && (reasonZh || reasonEn)) return { zh: reasonZh, en: reasonEn };
  const unknown = [
    ...(organisation === 'UNKNOWN' ? [noOrganisation] : []),
    ...(work === 'UNKNOWN' ? [organisation === 'COVERED' ? coveredWithoutWork : noWork] : []),
  ];
  if (unknown.length === 0) return nothing;
  const sentences = [...unknown, notTheSame];
  return {
    zh: `${sentences.map(({ zh }) => zh).join(';')}。`,
    en: `${sentences.map(({ en }) => en).join('. ')}.`,
  };
}
