import { createClient } from 'graphql-sse';

export type StreamResult = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
  readonly extensions?: { readonly cursor?: string };
};

/** Subscribes over Server-Sent Events, as the client of graphql-sse does it. It does not come back by itself. */
export function subscribe(
  url: string,
  query: string,
  {
    headers = {},
    variables = {},
  }: { headers?: Record<string, string>; variables?: Record<string, unknown> } = {},
) {
  const client = createClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });
  const results = client.iterate({ query, variables });
  return {
    /** Resolves to the next result; to undefined when the stream has ended. */
    async next(): Promise<StreamResult | undefined> {
      const { value, done } = await results.next();
      return done ? undefined : (value as StreamResult);
    },
    async stop(): Promise<void> {
      await results.return?.();
      client.dispose();
    },
    [Symbol.asyncDispose]() {
      return this.stop();
    },
  };
}
