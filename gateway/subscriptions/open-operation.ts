import { getOperationAST, type OperationDefinitionNode } from 'graphql';
import type { Source } from '../execution/source.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Incoming } from '../http/incoming.ts';
import { type Chunk, isStream } from '../http/reply.ts';
import { inOrder, type Step } from '../http/step.ts';
import { DataText } from '../lib/data-text.ts';
import {
  type AnswerOperation,
  type ExecuteStep,
  type OperationRequest,
  type OperationStep,
  replaceSteps,
  sortSteps,
} from '../response/operation-steps.ts';
import { notByGet } from './reasons.ts';

/** A subscription that passed all steps up to its execution. */
export type OpenedSubscription = {
  readonly request: OperationRequest;
  readonly operation: OperationDefinitionNode;
  readonly source: Source;
};

/** The text of the answer of a query, a mutation, or a subscription that is refused. */
export type WholeAnswer = { readonly text: string };

export type OpenOptions = {
  readonly graphs: GraphManager;
  readonly answer: AnswerOperation;
  /** The steps of an operation. That of a subscription replaces `execute`. */
  readonly operationSteps: readonly OperationStep[];
  /** The steps before the operation for one that comes as a message on a connection: no step of an HTTP request has seen it. */
  readonly messageSteps: readonly Step[];
};

/**
 * Takes an operation through the same steps as any other. A query or mutation is answered; a subscription is read, validated, priced,
 * charged and authorized, and its source is found. Rejects with a Refusal.
 */
export async function openOperation(
  { graphs, answer, operationSteps, messageSteps }: OpenOptions,
  incoming: Incoming,
  body: unknown,
): Promise<OpenedSubscription | WholeAnswer> {
  let opened: OpenedSubscription | undefined;
  // A message on a WebSocket is no GET, though the request that opened the connection is.
  const isGet = incoming.record !== undefined && incoming.request.method === 'GET';
  const execute =
    (once: ExecuteStep): ExecuteStep =>
    async (request) => {
      const operation = getOperationAST(request.document, request.operationName);
      if (operation?.operation === 'mutation' && isGet) throw notByGet();
      if (operation?.operation !== 'subscription') return once(request);
      const source = await graphs.ofSchema(request.schema).executor.findSource(request);
      if ('errors' in source) return source;
      opened = { request, operation, source };
      return { data: new DataText('null') };
    };
  const steps = sortSteps(replaceSteps(operationSteps, { admit: {}, execute: { execute } }));
  const answerIt = (asked: Incoming) => answer(asPost(asked), body, steps);
  const reply = await (incoming.record ? answerIt(incoming) : inOrder(messageSteps, answerIt)(incoming));
  if (opened) return opened;
  return { text: isStream(reply) ? await textOf(reply.body) : String(reply.body).trimEnd() };
}

/** Apollo Server takes subscriptions by POST alone, and asks for this header of requests that a page of another site could send. */
const asPost = (incoming: Incoming): Incoming => ({
  ...incoming,
  request: Object.create(incoming.request, { method: { value: 'POST' } }),
  headers: new Map([
    ...incoming.headers,
    ['content-type', 'application/json'],
    ['accept', 'application/json'],
  ]),
});

async function textOf(body: AsyncIterable<Chunk>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += chunk.toString();
  return text.trimEnd();
}
