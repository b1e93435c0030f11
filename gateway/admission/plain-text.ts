/**
 * Whether text of a caller can stand in a log line, a record and a header: not empty, not too long (in UTF-16
 * units), and without what controls how text is shown: line ends, control and format characters.
 */
export const isPlainText = (text: string, maxLength: number): boolean =>
  text.length <= maxLength && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text);
