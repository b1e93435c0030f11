import type { Incoming } from '../../http/incoming.ts';
import { readJsonBody } from '../../http/json-body.ts';
import { isObject } from '../../lib/json.ts';
import { Refusal } from '../../request/refusal.ts';
import type { StartOperation } from '../stream.ts';

/** An operation as a client asks for it. */
export type Asked = Parameters<StartOperation>[1];

/** Reads the operation of an HTTP request. Throws a Refusal. */
export function readAsked(incoming: Incoming): Asked {
  const { request, headers, search } = incoming;
  const body = request.method === 'GET' ? readSearch(search) : readJsonBody(incoming);
  // A browser repeats the address of a stream when it reconnects: the header is the newer of the two.
  return { body, after: headers.get('last-event-id') || cursorIn(body) };
}

/** Returns the cursor after which a subscription goes on, from `extensions.after`. Throws a Refusal. */
export function cursorIn(body: unknown): string | undefined {
  const extensions = isObject(body) ? body.extensions : undefined;
  const after = isObject(extensions) ? (extensions.after ?? undefined) : undefined;
  if (after === undefined || typeof after === 'string') return after;
  throw new Refusal('BAD_REQUEST', '"extensions.after" must be the cursor of an event, as text.', {
    messageZh: '“extensions.after”须为某一事件的游标(文本)。',
  });
}

/** https://graphql.github.io/graphql-over-http/draft/#sec-GET */
function readSearch(search: string): Record<string, unknown> {
  const parameters = Object.fromEntries(new URLSearchParams(search));
  const { variables, extensions, ...texts } = parameters;
  return { ...texts, variables: parse('variables', variables), extensions: parse('extensions', extensions) };
}

function parse(name: string, text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('BAD_REQUEST', `The parameter "${name}" is not valid JSON.`, {
      messageZh: `参数“${name}”不是有效的 JSON。`,
    });
  }
}
