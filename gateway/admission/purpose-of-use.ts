import type { PurposeOfUse } from '@wenshu/schema/caller.ts';
import { isPlainText } from '../lib/plain-text.ts';
import { Refusal } from '../request/refusal.ts';

type Headers = ReadonlyMap<string, string>;

/**
 * Reads the purpose of use from the headers. Headers are ASCII: Chinese text is percent-encoded, as by
 * `encodeURIComponent`.
 */
export function readPurposeOfUse(headers: Headers): PurposeOfUse {
  const represents = read(headers, 'x-wenshu-represents', 256);
  const purpose = read(headers, 'x-wenshu-purpose', 200);
  const caseNumber = read(headers, 'x-wenshu-case', 64);
  if (!represents && !purpose && !caseNumber) return unsaid;
  return {
    ...(represents && { represents }),
    ...(purpose && { purpose }),
    ...(caseNumber && { caseNumber }),
  };
}

/** Whether the caller prefers a refusal to an answer with parts removed. */
export function wantsAllOrNothing(headers: Headers): boolean {
  const given = headers.get('x-wenshu-sharing');
  if (!given) return false;
  if (given === 'strict') return true;
  throw new Refusal('BAD_REQUEST', 'The header "x-wenshu-sharing" must be "strict", or be left out.', {
    messageZh: '请求头“x-wenshu-sharing”须为“strict”,或不给出。',
  });
}

const unsaid: PurposeOfUse = {};

function read(headers: Headers, name: string, maxLength: number): string | undefined {
  const given = headers.get(name);
  if (!given) return undefined;
  const text = decode(given);
  if (text === undefined) {
    const message = `The header "${name}" must be ASCII. Write other characters as percent-encoded UTF-8: %E6%89%A7%E6%B3%95 for 执法.`;
    throw new Refusal('BAD_REQUEST', message, {
      messageZh: `请求头“${name}”须为 ASCII。其他字符请写成百分号编码的 UTF-8,如“执法”写作 %E6%89%A7%E6%B3%95。`,
    });
  }
  if (!isPlainText(text, maxLength)) {
    const message = `The header "${name}" must be at most ${maxLength} characters, without line ends and control characters.`;
    throw new Refusal('BAD_REQUEST', message, {
      messageZh: `请求头“${name}”至多 ${maxLength} 个字符,不得含换行和控制字符。`,
    });
  }
  return text;
}

function decode(given: string): string | undefined {
  if (/[^ -~]/.test(given)) return undefined;
  try {
    return decodeURIComponent(given);
  } catch {
    return undefined;
  }
}
