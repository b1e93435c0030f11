import { HubError } from '@wenshu/schema/errors.ts';
import type { Asker } from '@wenshu/schema/signature.ts';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  locatedError,
} from 'graphql';
import type { Context } from './context.ts';
import type { DocumentOf } from './documents.ts';
import { executeEvent } from './execution/execute.ts';
import { type Prepared, prepare } from './execution/prepare.ts';
import type { SubgraphRequest, WithContext } from './in-process.ts';
import { checkedPosition, type Positioned } from './positioned.ts';

/** A subscription that is opened. */
export type StreamRequest = Pick<SubgraphRequest, 'query' | 'variables' | 'operationName' | 'rowFilters'> & {
  /** The position after which the stream goes on; undefined for what happens from now on. */
  readonly after?: string | undefined;
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal;
};

/** An event of a stream. Without data and errors, it only tells how far the stream has come. */
export type StreamedEvent = ExecutionResult & { readonly position?: string | undefined };

/** Why a request opens no stream, or the events of its stream. Iterating rejects when the stream breaks and may be opened again. */
export type Opened =
  | { readonly errors: readonly GraphQLError[] }
  | {
      readonly events: AsyncIterable<StreamedEvent>;
      /** Aborts when the stream must end. */
      readonly signal: AbortSignal;
    };

export type OpenStream = (request: StreamRequest, asker: Asker) => Promise<Opened>;

export type StreamRules = {
  readonly schema: GraphQLSchema;
  readonly documentOf: DocumentOf;
  /** Returns the context of a stream's resolver, which lasts as long as the stream. */
  readonly contextOf: (asker: Asker, request: StreamRequest) => Context;
  /** Runs the selection of one event, as that of a query. */
  readonly withContext: WithContext;
  readonly mask: (error: GraphQLError, requestId: string | undefined) => GraphQLError;
  /** Aborts when the subgraph closes. */
  readonly closing: AbortSignal;
};

/**
 * Creates the function that opens subscriptions. A stream has no time limit; the selection of each event has that of a call, and a context
 * of its own. While it waits, a stream holds no connection.
 */
export function createStreams(rules: StreamRules): OpenStream {
  const { schema, documentOf, contextOf, mask, closing } = rules;
  return async (request, asker) => {
    const document = documentOf(request.query);
    if (!('kind' in document)) return { errors: document };
    const prepared = preparedOf(schema, document, request);
    if ('errors' in prepared) return prepared;
    const { requestId } = asker;
    const signal = AbortSignal.any([request.signal, closing]);
    const context = contextOf(asker, { ...request, signal });
    return { events: eventsOf(), signal };

    async function* eventsOf(): AsyncGenerator<StreamedEvent> {
      try {
        for await (const { position, value } of until(
          signal,
          await subscribe(prepared as Prepared, context),
        )) {
          const at = position === undefined ? {} : { position: checkedPosition(position) };
          yield value === undefined ? at : { ...(await answer(value)), ...at };
        }
      } catch (cause) {
        if (request.signal.aborted) return;
        const error = mask(located(cause, prepared as Prepared), requestId);
        if (isPassing(error)) throw error;
        yield { errors: [error] };
      }
      if (closing.aborted && !request.signal.aborted) throw goingAway();
    }

    async function answer(value: unknown): Promise<ExecutionResult> {
      const result = await rules.withContext(
        asker,
        signal,
        (ofEvent) => executeEvent(prepared as Prepared, ofEvent, value),
        { rowFilters: request.rowFilters },
      );
      return result.errors
        ? { ...result, errors: result.errors.map((error) => mask(error, requestId)) }
        : result;
    }
  };
}

/** Opens streams in this process. Why a stream is not opened is its only event. */
export const streamInProcess = (open: OpenStream) =>
  async function* (request: StreamRequest, asker: Asker = {}): AsyncGenerator<StreamedEvent> {
    const opened = await open(request, asker);
    if ('errors' in opened) yield opened;
    else yield* opened.events;
  };

function preparedOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operationName, variables }: StreamRequest,
): Prepared | { readonly errors: readonly GraphQLError[] } {
  const prepared = prepare({ schema, document, operationName, variableValues: variables });
  if ('errors' in prepared) return prepared;
  const isStream = prepared.operation.operation === 'subscription' && prepared.plan.root.fields.length === 1;
  return isStream ? prepared : { errors: [noSubscription()] };
}

/** Calls the resolver of the subscription's field. */
async function subscribe(
  { plan, variables }: Prepared,
  context: Context,
): Promise<AsyncIterable<Positioned<unknown>>> {
  const [field] = plan.root.fields;
  if (!field?.definition.subscribe) throw noSubscription();
  const args = getArgumentValues(field.definition, field.nodes[0], variables);
  const events = await field.definition.subscribe(undefined, args, context, plan.infoOf(field, variables));
  if (typeof events === 'object' && events !== null && Symbol.asyncIterator in events) {
    return events as AsyncIterable<Positioned<unknown>>;
  }
  throw new Error(`The resolver of Subscription.${field.definition.name} returned no stream.`);
}

function located(cause: unknown, { plan }: Prepared): GraphQLError {
  const [field] = plan.root.fields;
  return field ? locatedError(cause, field.nodes, [field.key]) : new GraphQLError(String(cause));
}

const passing: ReadonlySet<unknown> = new Set([
  'INTERNAL_SERVER_ERROR',
  'OVERLOADED',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
]);

/** Whether a stream that ended with this error may succeed when it is opened again. */
const isPassing = ({ extensions }: GraphQLError): boolean => passing.has(extensions.code);

/** Yields what a source yields until the signal aborts. A source that ignores the signal is not waited for. */
async function* until<T>(signal: AbortSignal, source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = await orAborted(signal, iterator.next());
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    iterator.return?.().catch(() => {});
  }
}

/** Waits for a promise, or resolves to undefined when the signal aborts. It leaves nothing at the signal: a stream lasts for days. */
function orAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T | undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop);
  promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return first;
}

const noSubscription = () =>
  new HubError('BAD_REQUEST', 'Only a subscription is answered as a stream.', {
    messageZh: '只有订阅以数据流答复。',
  });

const goingAway = () =>
  new HubError('SUBGRAPH_UNAVAILABLE', 'The subgraph stops. Open the stream again after its last position.', {
    messageZh: '子图正在停止。请从最后的位置重新打开数据流。',
  });
