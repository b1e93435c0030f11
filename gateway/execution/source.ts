import { isDenial } from '@wenshu/schema/errors.ts';
import type { GraphQLError } from 'graphql';
import type { DataText } from '../lib/data-text.ts';
import { isObject } from '../lib/json.ts';
import { ExecutionError } from '../request/errors.ts';
import type { AskSubgraph, StreamedEvent, StreamRequest } from '../upstream/subgraph.ts';

/** Where the events of a subscription come from. */
export type Source = {
  readonly subgraph: string;
  readonly request: Omit<StreamRequest, 'after' | 'signal'>;
  /** Callers with equal rights may share the events of equal operations and variables. */
  readonly rights: string;
};

/** Answers the call of a subscription's source with one event. Other calls go to subgraphs. */
export const answerByEvent =
  (ask: AskSubgraph, { data, errors = [] }: StreamedEvent): AskSubgraph =>
  async (subgraph, request) =>
    request.kind === 'subscription'
      ? { data: isObject(data) ? data : undefined, errors }
      : ask(subgraph, request);

/**
 * Runs a plan only to see its first call, the one that opens the source. It answers nothing, so no further call follows.
 */
export function catchSourceCall() {
  let caught: Omit<Source, 'rights'> | undefined;
  const ask: AskSubgraph = async (subgraph, { query, operationName, variables, rowFilters }) => {
    caught ??= {
      subgraph,
      request: {
        query,
        ...(operationName !== undefined && { operationName }),
        ...(variables && { variables }),
        ...(rowFilters && { rowFilters }),
      },
    };
    return { data: undefined, errors: [] };
  };
  return { ask, call: () => caught };
}

/**
 * Whether an event is about a row that the caller may not see: its object is there, and the answer has null in its place without an
 * error that would say why, or with a denial. A field that the caller may not ask for at all is refused before.
 */
export const isHiddenEvent = (
  { data: event }: StreamedEvent,
  { data, errors = [] }: { readonly data?: DataText; readonly errors?: readonly GraphQLError[] },
): boolean =>
  isObject(event) &&
  Object.values(event).some(isObject) &&
  data !== undefined &&
  /^(null|\{"\w+":null\})$/.test(data.text) &&
  errors.every(({ path, extensions }) => path?.length === 1 && isDenial(String(extensions.code)));

export const onlyAsStream = () =>
  new ExecutionError(
    'BAD_USER_INPUT',
    'A subscription is answered as a stream. Ask by POST with the header "accept: text/event-stream", or over a WebSocket.',
    {
      messageZh: '订阅以数据流答复。请以 POST 发送并附请求头 "accept: text/event-stream",或使用 WebSocket。',
    },
  );

export const nothingToStream = () =>
  new ExecutionError('BAD_USER_INPUT', 'This subscription selects nothing that a subgraph sends.', {
    messageZh: '该订阅未选取任何由子图发送的内容。',
  });

export const noSubscriptions = () =>
  new ExecutionError('BAD_USER_INPUT', 'This graph has no subscriptions.', { messageZh: '该图没有订阅。' });
