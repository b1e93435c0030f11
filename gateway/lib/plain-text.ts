/**
 * Whether text of a caller can stand in a log line, a record and a header: with something to see, not too long (in
 * UTF-16 units), and without what controls how text is shown: line ends, control and format characters.
 */
export const isPlainText = (text: string, maxLength: number): boolean =>
  text.length <= maxLength && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && visible.test(text);

/** Neither a space, nor a mark for the letter before it, nor one of the letters that are shown as nothing. */
const visible = /[^\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text can name somebody: two names that look alike are the same. */
export const isName = (text: string, maxLength: number): boolean =>
  isPlainText(text, maxLength) && !/^\p{Z}|\p{Z}$|\p{Default_Ignorable_Code_Point}|\u2800/u.test(text);
