import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payerOf } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import type { Asker, KeyRing } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { MemberName, MemberSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { type Calendar, standardCalendar } from '@wenshu/schema/working-days.ts';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { admitAll, admitSigned } from './admission.ts';
import { startCall } from './call.ts';
import { connect, type DatabaseOptions, standardCallTimeoutMs } from './connect.ts';
import { type Context, createContext } from './context.ts';
import type { Database } from './database.ts';
import { keepDocuments } from './documents.ts';
import { executableSchema, type SubgraphParts } from './executable-schema.ts';
import { execute } from './execution/execute.ts';
import { type AnswerCall, createHttpServer, type HttpServerOptions } from './http-server.ts';
import { inProcess, type SubgraphRequest, type WithContext } from './in-process.ts';
import { KeptValues } from './kept-values.ts';
import { maskError } from './mask-error.ts';
import { type OnError, printFailure } from './on-error.ts';
import {
  createStreams,
  type OpenStream,
  type StreamedEvent,
  type StreamRequest,
  type StreamRules,
  streamInProcess,
} from './open-stream.ts';
import { createShownOf } from './row-filters.ts';
import { createWaker, type Waker } from './waker.ts';
import type { Deadlines } from './workflow/days.ts';
import { problemsOf } from './workflow/deadlines.ts';
import { type SweepRules, type Swept, sweep } from './workflow/sweep.ts';
import { startSweeping } from './workflow/sweeping.ts';
import type { Workflow } from './workflow/workflow.ts';
import type { createYogaServer, Mask } from './yoga.ts';

/** A subgraph of one agency, over its own database. */
export interface Subgraph {
  readonly name: MemberName;
  readonly schema: GraphQLSchema;
  /** Executes a request in this process, without a signature. */
  execute(request: SubgraphRequest, asker?: Asker): Promise<ExecutionResult>;
  /** Opens a subscription in this process. Iterating rejects when the stream breaks, and may be opened again after its last position. */
  openStream(request: StreamRequest, asker?: Asker): AsyncIterable<StreamedEvent>;
  /** Opens a snapshot and holds it until `signal` aborts. Calls whose asker names the snapshot read only its rows. */
  openSnapshot(signal: AbortSignal): Promise<HeldSnapshot>;
  /**
   * Listens at `/graphql` over HTTP; resolves to its address. Port 0 picks a free port. Without `keys` it answers every caller, so it
   * listens on this machine only, whatever `host` says.
   */
  listen(port: number, host?: string): Promise<string>;
  /** Does what follows from the day for its workflows; undefined while another process does it, or without workflows. */
  sweep(rules?: Pick<SweepRules, 'day' | 'most'>): Promise<Swept | undefined>;
  /** Calls the listener after changes of its objects were committed. It is a hint only: the outbox is the truth. */
  onChange(listener: () => void): Promise<{ stop(): Promise<void> }>;
  /** Rejects if the database does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface SubgraphOptions extends DatabaseOptions {
  /** Called with the cause of a masked error and the request id. */
  onError?: OnError;
  /** Keys of the gateway. If set, unsigned calls over HTTP are refused. */
  keys?: KeyRing | undefined;
  /** If set, only HTTP clients with a certificate get a connection. */
  tls?: MutualTls | undefined;
  /** True on a trial hub, whose default is synthetic rows. */
  isTrial?: boolean;
  /** Holidays and the days worked in their stead. Default: those that come with the hub. */
  calendar?: Calendar;
  /** Working days of workflows in place of those of their tables. Days that no workflow knows are refused. */
  deadlines?: Deadlines;
  /** The days for which events of workflows are kept. Default: 7. */
  changesKeptDays?: number;
  /** The time between two sweeps in milliseconds. Without it, the subgraph sweeps only when it is told to. */
  sweepEveryMs?: number;
  /** Called with the reason why a call over HTTP was refused. */
  onRefused?: (reason: string) => void;
}

const listsOf = ({ shared: { regionList }, lists = {} }: SubgraphParts) => [
  ...(regionList ? [regionList] : []),
  ...Object.values(lists),
];

export function createSubgraph(member: MemberSdl, parts: SubgraphParts, options: SubgraphOptions): Subgraph {
  const { name } = member;
  const { onError = printFailure, onRefused = () => {}, keys, tls } = options;
  refuseWrong(options.deadlines, parts.workflows);
  const database = connect(options);
  const schema = executableSchema(member, parts);
  const waker = createWaker((listener) => database.listen(changesChannelOf(name), listener));
  const { withContext, lastingContextOf } = openContexts(
    database,
    waker,
    createShownOf(listsOf(parts)),
    options,
  );
  const documentOf = keepDocuments(schema);
  const closing = new AbortController();
  const mask: Mask = (error, requestId) => maskError(error, (cause) => onError(cause, requestId));
  const openStream = createStreams({
    schema,
    documentOf,
    contextOf: lastingContextOf,
    withContext,
    mask,
    closing: closing.signal,
  });
  const openYoga = yogaWhenUsed(schema, mask, keys !== undefined);
  const { workflows = [] } = parts;
  const { calendar = standardCalendar, deadlines = {}, changesKeptDays = 7, sweepEveryMs } = options;
  const onSweepError = (error: unknown) => onError(error, 'sweep');
  const sweepOnce: Subgraph['sweep'] = (rules) =>
    sweep(database.db, workflows, { calendar, deadlines, changesKeptDays, onError: onSweepError, ...rules });
  const sweeping =
    sweepEveryMs === undefined || workflows.length === 0
      ? undefined
      : startSweeping(() => sweepOnce(), sweepEveryMs, onSweepError);
  const server = createHttpServer({
    admit: keys ? admitSigned(name, keys) : admitAll,
    answer: answerByYoga(openYoga, withContext),
    openStream: openByBody(openStream, keys !== undefined),
    // Without keys the subgraph cannot know who names a snapshot.
    ...(keys && { openSnapshot: database.snapshots.open }),
    onRefused,
    onError,
    tls,
  });

  return {
    name,
    schema,
    execute: inProcess(schema, documentOf, withContext, mask),
    openStream: streamInProcess(openStream),
    openSnapshot: database.snapshots.open,
    listen: async (port, host = loopback) => {
      await openYoga();
      const at = keys ? host : loopback;
      const taken = await listen(server, port, at);
      return `${tls ? 'https' : 'http'}://${at}:${taken}/graphql`;
    },
    sweep: sweepOnce,
    onChange: waker.observe,
    ready: () => database.ready(),
    close: async () => {
      closing.abort();
      await sweeping?.stop();
      await database.snapshots.close();
      await closeServer(server);
      await waker.close();
      await database.close();
    },
  };
}

/** Throws if days are given that no workflow of the subgraph can use. */
function refuseWrong(deadlines: Deadlines = {}, workflows: readonly Workflow[] = []): void {
  const problems = problemsOf(workflows, deadlines);
  if (problems.length > 0) throw new Error(`The deadlines are wrong: ${problems.join(' ')}`);
}

/** The channel on which an agency's database says that the outbox grew. Several agencies may share a database. */
const changesChannelOf = (name: MemberName) => `${name}_changes`;

const loopback = '127.0.0.1';

/**
 * Creates the function that runs work with the context of a request, whose statements end after the timeout or when `left` aborts; and the
 * function that returns the context of a stream, which lasts until its signal aborts.
 */
function openContexts(
  { dbOf, snapshots }: ReturnType<typeof connect>,
  waker: Waker,
  shownOf: ReturnType<typeof createShownOf>,
  { callTimeoutMs = standardCallTimeoutMs, isTrial = false, calendar, deadlines }: SubgraphOptions,
) {
  const rules = { isTrial, calendar, deadlines, shownOf, kept: new KeptValues() };
  const withContext: WithContext = async (asker, left, work, sent) => {
    const call = startCall(asker.caller, callTimeoutMs, left);
    const { signal } = call;
    const contextOf = (db: Database) => createContext(db, asker, { ...rules, ...sent, signal });
    try {
      return await (asker.snapshot === undefined
        ? work(contextOf(dbOf(call)))
        : snapshots.within(asker.snapshot, call, (db) => work(contextOf(db))));
    } finally {
      call.end();
    }
  };
  const lastingContextOf: StreamRules['contextOf'] = (asker, { rowFilters, after, signal }) => {
    const db = dbOf({ caller: payerOf(asker.caller), signal });
    return createContext(db, asker, { ...rules, rowFilters, after, waker, signal, lasts: true });
  };
  return { withContext, lastingContextOf };
}

type Yoga = ReturnType<typeof createYogaServer>;

/**
 * Creates the function that opens Yoga at its first use. Only a subgraph that listens needs it, and it is a fifth of
 * the modules of a start.
 */
function yogaWhenUsed(schema: GraphQLSchema, mask: Mask, isSigned: boolean): () => Promise<Yoga> {
  const executeMasked: typeof execute = async (args) => {
    const result = await execute(args);
    if (!result.errors) return result;
    const { requestId } = args.contextValue as Context;
    return { ...result, errors: result.errors.map((error) => mask(error, requestId)) };
  };
  let yoga: Yoga | undefined;
  return async () => {
    yoga ??= (await import('./yoga.ts')).createYogaServer(schema, executeMasked, mask, isSigned);
    return yoga;
  };
}

/** Creates the function that answers an admitted HTTP request. */
const answerByYoga =
  (openYoga: () => Promise<Yoga>, withContext: WithContext): AnswerCall =>
  ({ method = 'GET', url = '/', headers }, { body, asker }, signal) =>
    withContext(asker, signal, async (context) =>
      (await openYoga()).fetch(
        new URL(url, 'http://subgraph').href,
        {
          method,
          headers: headers as HeadersInit,
          signal,
          ...(hasBody(method) && { body: body.toString() }),
        },
        context,
      ),
    );

/** Creates the function that opens the stream of an admitted HTTP request. */
const openByBody =
  (openStream: OpenStream, isSigned: boolean): HttpServerOptions['openStream'] =>
  ({ body, asker }, signal) => {
    const { query, variables, operationName, extensions } = requestIn(body);
    const { rowFilters, after } = extensions ?? {};
    // Without keys the subgraph cannot know who sends row filters.
    const sent = isSigned && rowFilters ? { rowFilters } : {};
    return openStream({ query, variables, operationName, after, signal, ...sent }, asker);
  };

type StreamBody = Pick<StreamRequest, 'query' | 'variables' | 'operationName'> & {
  readonly extensions?: Pick<StreamRequest, 'rowFilters' | 'after'>;
};

function requestIn(body: Buffer): StreamBody {
  try {
    const request = JSON.parse(body.toString());
    if (typeof request.query === 'string') return request;
  } catch {
    // It is refused below.
  }
  throw new HubError('BAD_REQUEST', 'The body must be a GraphQL request as JSON.', {
    messageZh: '请求体须为 JSON 形式的 GraphQL 请求。',
  });
}

const hasBody = (method: string) => method !== 'GET' && method !== 'HEAD';

/** Starts to listen; resolves to the port. */
function listen(server: Server, port: number, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    resolve((server.address() as AddressInfo).port);
  });
  return promise;
}

/** Stops to listen, if the server does. Resolves when the last call is answered. */
async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}
