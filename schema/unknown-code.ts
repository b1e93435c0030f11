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

/** Returns the codes of which the text is a part, or of whose names; if there are none, those that look most like it, nearest first. */
function nearestCodes(text: string, known: KnownCodes): readonly string[] {
  const upper = text.toUpperCase();
  const holds = ([code, name]: readonly [string, string]) => code.includes(upper) || name.includes(text);
  const holding = text === '' ? [] : [...known].filter(holds).map(([code]) => code);
  const found = holding.length > 0 ? holding : suggestionList(upper, [...known.keys()]);
  return found.slice(0, suggested);
}
