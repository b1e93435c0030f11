import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import type { Subgraph, SubgraphRequest, SubgraphResponse } from '@wenshu/gateway/upstream/subgraph.ts';
import {
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { describe } from 'vitest';

/** A small subgraph: its SDL, and resolvers, or a function that answers in their place, as a broken one would. */
export type TestSubgraph = {
  readonly sdl: string;
  readonly resolvers?: GraphQLSchemaModule['resolvers'];
  readonly answer?: (request: Pick<SubgraphRequest, 'query' | 'variables'>) => Promise<unknown> | unknown;
};

export type Call = { readonly subgraph: string; readonly query: string; readonly variables: unknown };

export type Answer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
};

export type Federation = AsyncDisposable & {
  readonly url: string;
  /** Every call that a subgraph got. */
  readonly calls: readonly Call[];
  /** Asks the gateway over HTTP, like callers. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  replaceSupergraph(sdl: string): void;
};

export type Start = (
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  options?: Partial<GatewayOptions>,
) => Promise<Federation>;

/** Runs the same tests with subgraphs in this process, and with subgraphs behind HTTP. */
export const describeBothWays = (tests: (start: Start) => void): void => {
  describe('in process', () => tests(startInProcess));
  describe('over HTTP', () => tests(startOverHttp));
};

export const startInProcess: Start = async (subgraphs, options) => {
  const calls: Call[] = [];
  const served = serveAll(subgraphs, calls);
  return front(supergraphOf(subgraphs), calls, { subgraphs: (name) => served.get(name), ...options });
};

export const startOverHttp: Start = async (subgraphs, options) => {
  const calls: Call[] = [];
  await using servers = new AsyncDisposableStack();
  const urls = new Map<string, string>();
  for (const [name, subgraph] of serveAll(subgraphs, calls)) {
    const server = createServer(async (request, response) => {
      if (request.headers.accept === 'text/event-stream') return sendStream(subgraph, request, response);
      const answer = await subgraph(JSON.parse(await text(request)), anyContext).catch(() => undefined);
      if (answer === undefined) response.destroy();
      else response.setHeader('content-type', 'application/json').end(asBody(answer));
    });
    servers.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    urls.set(name, `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  }
  const cleanUp = servers.move();
  return front(supergraphOf(subgraphs, urls), calls, options, () => cleanUp.disposeAsync());
};

/** Streams over Server-Sent Events, as GraphQL over SSE says. */
async function sendStream(subgraph: Subgraph, request: IncomingMessage, response: ServerResponse) {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const after = request.headers['last-event-id'];
  const asked = {
    ...(JSON.parse(await text(request)) as { query: string }),
    ...(typeof after === 'string' && { after }),
    signal: left.signal,
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
  for await (const { position, ...event } of subgraph.openStream?.(asked, anyContext) ?? []) {
    const id = position === undefined ? '' : `id: ${position}\n`;
    response.write(`event: next\n${id}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end('event: complete\ndata:\n\n');
}

/** Composes subgraphs as they are in a test: the `@link` is added, so the SDL shows only what matters. */
export function supergraphOf(
  subgraphs: Readonly<Record<string, Pick<TestSubgraph, 'sdl'>>>,
  urls?: ReadonlyMap<string, string>,
): string {
  const result = composeServices(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({
      name,
      url: urls?.get(name) ?? `http://${name}.test/graphql`,
      typeDefs: parse(link + sdl),
    })),
  );
  if (compositionHasErrors(result)) throw new Error(result.errors.map((error) => error.message).join('\n'));
  return result.supergraphSdl;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@cost", "@listSize",
  "@authenticated", "@requiresScopes", "@policy", "@composeDirective"
])\n`;

/** Subgraphs in this process, as a gateway asks them. */
export const serve = (subgraphs: Readonly<Record<string, TestSubgraph>>) => serveAll(subgraphs, []);

const anyContext = { requestId: 'test', headers: new Map<string, string>() };

function serveAll(subgraphs: Readonly<Record<string, TestSubgraph>>, calls: Call[]): Map<string, Subgraph> {
  return new Map(
    Object.entries(subgraphs).map(([name, subgraph]) => {
      const answer = subgraph.answer ?? answerBySchema(subgraph);
      const recording: Subgraph = async ({ query, variables }) => {
        calls.push({ subgraph: name, query, variables });
        return (await answer({ query, ...(variables && { variables }) })) as SubgraphResponse;
      };
      return [name, Object.assign(recording, { openStream: streamBySchema(subgraph) })];
    }),
  );
}

function answerBySchema({ sdl, resolvers }: TestSubgraph) {
  const schema = buildSubgraphSchema([{ typeDefs: parse(link + sdl), ...(resolvers && { resolvers }) }]);
  return ({ query, variables }: Pick<SubgraphRequest, 'query' | 'variables'>) => {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0
      ? { errors }
      : execute({ schema, document, ...(variables && { variableValues: variables }) });
  };
}

/** Streams the events of a schema's subscriptions. Each has the position that its resolver gave it as `position`. */
function streamBySchema({ sdl, resolvers }: TestSubgraph): Subgraph['openStream'] {
  const schema = buildSubgraphSchema([{ typeDefs: parse(link + sdl), ...(resolvers && { resolvers }) }]);
  return async function* ({ query, variables, after, signal }) {
    let position: string | undefined;
    const note = (given: string) => {
      position = given;
    };
    const events = await subscribe({
      schema,
      document: parse(query),
      contextValue: { after, signal, note },
      ...(variables && { variableValues: variables }),
    });
    if (!(Symbol.asyncIterator in events)) return yield events as ExecutionResult & SubgraphResponse;
    for await (const event of events) {
      if (signal.aborted) return;
      yield { ...(event as SubgraphResponse), position };
    }
  };
}

const asBody = (answer: unknown) => (typeof answer === 'string' ? answer : JSON.stringify(answer));

async function front(
  supergraphSdl: string,
  calls: readonly Call[],
  options: Partial<GatewayOptions> = {},
  cleanUp?: () => Promise<void>,
): Promise<Federation> {
  const gateway = await createGateway({ supergraphSdl, ...options });
  const { port } = await gateway.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    calls,
    replaceSupergraph: (sdl) => gateway.replaceSupergraph(sdl),
    async ask(query, variables) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await cleanUp?.();
    },
  };
}
