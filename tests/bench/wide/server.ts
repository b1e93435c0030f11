/**
 * The subgraphs of `wide`, as a process. They cost next to nothing: what they are asked never changes, so the first
 * request of each text is executed, whatever plan it comes of, and every later one is answered from what is kept.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { graphql } from 'graphql';
import { announce } from '../support/announce.ts';
import { schemas } from './subgraphs.ts';

/** Answers by path and body. A gateway whose calls always differ is served slowly, but does not fill the memory. */
const answers = new Map<string, Buffer>();
const answersKept = 5_000;

async function answerOf(path: string, body: string): Promise<Buffer> {
  const key = path + body;
  const kept = answers.get(key);
  if (kept) return kept;
  const schema = schemas.get(path.slice(1));
  if (!schema) throw new Error(`There is no subgraph at ${path}.`);
  const { query, variables, operationName } = JSON.parse(body);
  const result = await graphql({
    schema,
    source: query,
    variableValues: variables,
    operationName: operationName ?? null,
  });
  const answer = Buffer.from(JSON.stringify(result));
  if (!result.errors && answers.size < answersKept) answers.set(key, answer);
  return answer;
}

function bodyOf(request: IncomingMessage): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => resolve(body));
  return promise;
}

const server = createServer(async (request, response) => {
  try {
    const answer = await answerOf(request.url ?? '/', await bodyOf(request));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
// Longer than any pause between rounds: no gateway meets a connection that is just being closed.
server.keepAliveTimeout = 600_000;
announce(server);
