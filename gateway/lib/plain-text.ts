/**
 * Returns whether a caller's text is safe in a log line, a record and a header. It must have a visible character, at
 * most `maxLength` UTF-16 units, and no line end, control or format character.
 */
export const isPlainText = (text: string, maxLength: number): boolean =>
  text.length <= maxLength && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && visible.test(text);

/** Matches a visible character: no space, no combining mark, and no character that is displayed as nothing. */
const visible = /[^\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Returns whether a text can be a name. It then has no spaces at its ends and no invisible characters, so that two
 * names that look alike are equal.
 */
export const isName = (text: string, maxLength: number): boolean =>
  isPlainText(text, maxLength) && !/^\p{Z}|\p{Z}$|\p{Default_Ignorable_Code_Point}|\u2800/u.test(text);
