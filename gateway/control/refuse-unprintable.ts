import { badInput } from '@wenshu/schema/errors.ts';
import { isPlainText } from '../lib/plain-text.ts';

const maxLength = 1_000;

/** Refuses a text that is empty, too long, or has characters that would mislead readers of a terminal, log or error. */
export function refuseUnprintable(argument: string, text: string): void {
  const name = argument.slice(argument.lastIndexOf('.') + 1);
  if (text.trim() === '') {
    throw badInput(argument, `"${name}" must not be empty.`, `“${name}”不能为空。`);
  }
  if (!isPlainText(text, maxLength)) {
    throw badInput(
      argument,
      `"${name}" must be at most ${maxLength} characters, without line ends and control characters.`,
      `“${name}”至多 ${maxLength} 个字符,不得含换行和控制字符。`,
    );
  }
}
