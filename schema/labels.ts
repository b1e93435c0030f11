import { inBothLanguages } from './catalogue.ts';

/** Label of a value in Chinese and English. */
export type Label = { readonly zh: string | null; readonly en: string | null };

/** Returns the label with which the description of an enum's value begins. */
export function labelIn(description: string | null | undefined): Label {
  const [zh, en] = inBothLanguages(description ?? '');
  return { zh: firstSentence(zh, /。/), en: firstSentence(en, /\.(?=\s|$)/) };
}

const firstSentence = (text: string, end: RegExp): string | null => text.split(end, 1)[0] || null;
