import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { HubError } from './errors.ts';

/** Names of codes, by code. */
export type KnownCodes = ReadonlyMap<string, string>;

/** What a code is of, as a noun in both languages. */
export type KindOfCode = { readonly en: string; readonly zh: string };

/** Maximum number of codes that a message suggests. */
const suggested = 3;

/** Returns the error for a code that does not exist, with the nearest ones. `argument` is the path of the code. */
export function unknownCode(argument: string, { en, zh }: KindOfCode, code: string, known: KnownCodes) {
  const nearest = nearestCodes(code, known);
  const names = nearest.map((each) => `${each} (${known.get(each)})`);
  const [hint, hintZh] =
    names.length > 0 ? [` The nearest: ${names.join(', ')}.`, `最接近的:${names.join('、')}。`] : ['', ''];
  return new HubError('BAD_USER_INPUT', `There is no ${en} "${code}".${hint}`, {
    argument,
    nearest,
    messageZh: `没有代码为“${code}”的${zh}。${hintZh}`,
  });
}

/** Returns the codes whose name the text is a part of, or else those that look most like it, nearest first. */
function nearestCodes(text: string, known: KnownCodes): readonly string[] {
  const named = text === '' ? [] : [...known].flatMap(([code, name]) => (name.includes(text) ? [code] : []));
  const found = named.length > 0 ? named : suggestionList(text.toUpperCase(), [...known.keys()]);
  return found.slice(0, suggested);
}
