import { type Agent, type IncomingMessage, request } from 'node:http';

/** What came of one request, seen from the caller's side of the connection. */
export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly text: string;
    }
  /** Nobody listened: the caller knows that nothing was done. */
  | { readonly kind: 'refused' }
  /** Taken, and not answered in full or in time. */
  | {
      readonly kind: 'dropped';
      readonly why: string;
      /** Whether the connection had brought an answer before. */
      readonly wasUsed: boolean;
    };

export interface PostOptions {
  /** Undefined for a connection of its own. */
  readonly agent?: Agent | undefined;
  /** Besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Posts a GraphQL request. */
export function post(
  origin: string,
  body: string,
  { agent, headers, timeoutMs }: PostOptions,
): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const sent = request(
    `${origin}/graphql`,
    {
      method: 'POST',
      agent: agent ?? false,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    },
    (response) => read(response).then(resolve, failed),
  );
  const timer = setTimeout(
    () => sent.destroy(new Error(`no whole answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const failed = (error: NodeJS.ErrnoException) => {
    resolve(
      error.code === 'ECONNREFUSED'
        ? { kind: 'refused' }
        : { kind: 'dropped', why: error.message, wasUsed: sent.reusedSocket },
    );
  };
  sent.on('error', failed);
  sent.end(body);
  return promise.finally(() => clearTimeout(timer));
}

async function read(response: IncomingMessage): Promise<Reply> {
  let text = '';
  // Rejects where the connection ends before the answer does.
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return {
    kind: 'answered',
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    text,
  };
}
