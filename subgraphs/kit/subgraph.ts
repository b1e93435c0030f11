import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import type { Asker, KeyRing } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { MemberName, MemberSdl } from '@wenshu/schema/subgraph-sdl.ts';
import type { Calendar } from '@wenshu/schema/working-days.ts';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { admitAll, admitSigned } from './admission.ts';
import { startCall } from './call.ts';
import { connect, type DatabaseOptions, standardCallTimeoutMs } from './connect.ts';
import { type Context, createContext } from './context.ts';
import type { Database } from './database.ts';
import { executableSchema, type SubgraphParts } from './executable-schema.ts';
import { execute } from './execution/execute.ts';
import { type AnswerCall, createHttpServer } from './http-server.ts';
import { inProcess, type SubgraphRequest, type WithContext } from './in-process.ts';
import { maskError } from './mask-error.ts';
import { type OnError, printFailure } from './on-error.ts';
import { createShownOf } from './row-filters.ts';
import type { createYogaServer, Mask } from './yoga.ts';

/** A subgraph of one agency, over its own database. */
export interface Subgraph {
  readonly name: MemberName;
  readonly schema: GraphQLSchema;
  /** Executes a request in this process, without a signature. */
  execute(request: SubgraphRequest, asker?: Asker): Promise<ExecutionResult>;
  /** Opens a snapshot and holds it until `signal` aborts. Calls whose asker names the snapshot read only its rows. */
  openSnapshot(signal: AbortSignal): Promise<HeldSnapshot>;
  /**
   * Listens at `/graphql` over HTTP; resolves to its address. Port 0 picks a free port. Without `keys` it answers every caller, so it
   * listens on this machine only, whatever `host` says.
   */
  listen(port: number, host?: string): Promise<string>;
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
  const database = connect(options);
  const schema = executableSchema(member, parts);
  const withContext = openContexts(database, createShownOf(listsOf(parts)), options);
  const mask: Mask = (error, requestId) => maskError(error, (cause) => onError(cause, requestId));
  const openYoga = yogaWhenUsed(schema, mask, keys !== undefined);
  const server = createHttpServer({
    admit: keys ? admitSigned(name, keys) : admitAll,
    answer: answerByYoga(openYoga, withContext),
    // Without keys the subgraph cannot know who names a snapshot.
    ...(keys && { openSnapshot: database.snapshots.open }),
    onRefused,
    onError,
    tls,
  });

  return {
    name,
    schema,
    execute: inProcess(schema, withContext, mask),
    openSnapshot: database.snapshots.open,
    listen: async (port, host = loopback) => {
      await openYoga();
      const at = keys ? host : loopback;
      const taken = await listen(server, port, at);
      return `${tls ? 'https' : 'http'}://${at}:${taken}/graphql`;
    },
    ready: () => database.ready(),
    close: async () => {
      await database.snapshots.close();
      await closeServer(server);
      await database.close();
    },
  };
}

const loopback = '127.0.0.1';

/**
 * Creates the function that runs work with the context of a request. Statements of the work end after the timeout, or
 * when `left` aborts.
 */
const openContexts =
  (
    { dbOf, snapshots }: ReturnType<typeof connect>,
    shownOf: ReturnType<typeof createShownOf>,
    { callTimeoutMs = standardCallTimeoutMs, isTrial = false, calendar }: SubgraphOptions,
  ): WithContext =>
  async (asker, left, work, sent) => {
    const call = startCall(asker.caller, callTimeoutMs, left);
    const { signal } = call;
    const contextOf = (db: Database) =>
      createContext(db, asker, { isTrial, calendar, ...sent, shownOf, signal });
    try {
      return await (asker.snapshot === undefined
        ? work(contextOf(dbOf(call)))
        : snapshots.within(asker.snapshot, call, (db) => work(contextOf(db))));
    } finally {
      call.end();
    }
  };

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
