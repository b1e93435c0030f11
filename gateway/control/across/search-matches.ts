import { searchable } from '@wenshu/kit/searchable.ts';
import type { Json } from '../../lib/json.ts';

/** A name that holds the text, and where. */
export type Match = {
  readonly field: string;
  readonly text: string;
  readonly marks: readonly { readonly start: number; readonly end: number }[];
};

/** Returns the names of a row that hold a text in its `searchable` form. */
export const matchesIn = (row: Json, fields: readonly string[], text: string): Match[] =>
  fields.flatMap((field) =>
    [row[field] ?? []].flat().flatMap((value) => {
      const marks = marksIn(String(value), text);
      return marks.length > 0 ? { field, text: String(value), marks } : [];
    }),
  );

/** What a reader sees as one character may be several in Unicode, and becomes one or several in the searchable form. */
const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' });

function marksIn(value: string, text: string): Match['marks'] {
  let found = '';
  /** The part of `value` behind each unit of `found`. */
  const behind: { start: number; end: number }[] = [];
  for (const { segment, index } of characters.segment(value)) {
    const part = searchable(segment);
    for (let i = 0; i < part.length; i++) behind.push({ start: index, end: index + segment.length });
    found += part;
  }
  const marks: { start: number; end: number }[] = [];
  for (let at = found.indexOf(text); at >= 0; at = found.indexOf(text, at + text.length)) {
    const [first, last] = [behind[at], behind[at + text.length - 1]];
    if (first && last) marks.push({ start: first.start, end: last.end });
  }
  return marks;
}
