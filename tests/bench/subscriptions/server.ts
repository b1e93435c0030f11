/**
 * Two subgraphs: one streams parks that change over Server-Sent Events, the other knows their sizes. `POST /publish` with `{count}`
 * sends events to all streams. Each has the time of its commit, in milliseconds since 1970.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import { announce } from '../support/announce.ts';
import { sdls } from './subgraphs.ts';

type Body = { readonly query: string; readonly variables?: Record<string, unknown> };
type Stream = { readonly response: ServerResponse; readonly body: Body };

const now = () => performance.timeOrigin + performance.now();
const parks = buildSubgraphSchema(parse(sdls.parks));
const sizes = buildSubgraphSchema([
  {
    typeDefs: parse(sdls.sizes),
    resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, size: 40 }) } },
  },
]);
const documents = new Map<string, DocumentNode>();
const documentOf = (query: string) => {
  const document = documents.get(query) ?? parse(query);
  documents.set(query, document);
  return document;
};
const answer = (schema: GraphQLSchema, { query, variables }: Body, rootValue?: unknown) =>
  execute({ schema, document: documentOf(query), variableValues: variables, rootValue });

const streams = new Set<Stream>();
let position = 0;

function publish(): void {
  position += 1;
  const at = now();
  // Streams that ask the same get the same text.
  const texts = new Map<string, string>();
  for (const { response, body } of streams) {
    const key = body.query + JSON.stringify(body.variables);
    let text = texts.get(key);
    if (text === undefined) {
      const parkChanged = ({ id }: { id: string }) => ({ id, name: 'Riverside', at });
      const data = answer(
        parks,
        { ...body, query: body.query.replace('subscription', 'query') },
        { parkChanged },
      );
      text = `event: next\nid: ${position}\ndata: ${JSON.stringify(data)}\n\n`;
      texts.set(key, text);
    }
    response.write(text);
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await json(request)) as Body & { count?: number };
  if (request.url === '/publish') {
    publish();
    response.end(String(streams.size));
    return;
  }
  if (request.headers.accept?.includes('text/event-stream') && /^\s*subscription/.test(body.query)) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(':\n\n');
    const stream = { response, body };
    streams.add(stream);
    response.once('close', () => streams.delete(stream));
    return;
  }
  const schema = request.url === '/sizes' ? sizes : parks;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(await answer(schema, body)));
}

announce(createServer((request, response) => void serve(request, response)));
