import { Refusal } from '../request/refusal.ts';
import type { Incoming } from './incoming.ts';

/** Returns the parsed body; undefined if it is empty or not declared as JSON. Throws a Refusal. */
export function readJsonBody({ text, headers }: Pick<Incoming, 'text' | 'headers'>): unknown {
  const contentType = headers.get('content-type')?.trimStart().toLowerCase();
  if (text === '' || !contentType?.startsWith('application/json')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('BAD_REQUEST', 'The request body is not valid JSON.', {
      messageZh: '请求体不是有效的 JSON。',
    });
  }
}
