import type { AddressInfo } from 'node:net';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import type { Asker, KeyRing } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { MemberName } from '@wenshu/schema/subgraph-sdl.ts';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { admitAll, admitSigned } from './admission.ts';
import { startCall } from './call.ts';
import { connect, type DatabaseOptions, standardCallTimeoutMs } from './connect.ts';
import { type Context, createContext } from './context.ts';
import type { Database } from './database.ts';
import { executableSchema, type SubgraphParts } from './executable-schema.ts';
import { execute } from './execution/execute.ts';
import { createHttpServer } from './http-server.ts';
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
  /** Called with the reason why a call over HTTP was refused. */
  onRefused?: (reason: string) => void;
}

const listsOf = ({ shared: { regionList }, lists = {} }: SubgraphParts) => [
  ...(regionList ? [regionList] : []),
  ...Object.values(lists),
];

export function createSubgraph(name: MemberName, parts: SubgraphParts, options: SubgraphOptions): Subgraph {
  const { onError = printFailure, onRefused = () => {}, isTrial = false, keys, tls } = options;
  const { callTimeoutMs = standardCallTimeoutMs } = options;
  const database = connect(options);
  const schema = executableSchema(name, parts);
  const shownOf = createShownOf(listsOf(parts));
  /** Runs `work` with the context of a request. Its statements end after the timeout, or when `left` aborts. */
  const withContext: WithContext = async (asker, left, work, rowFilters) => {
    const call = startCall(asker.caller, callTimeoutMs, left);
    const contextOf = (db: Database) => createContext(db, asker, { isTrial, rowFilters, shownOf });
    try {
      return await (asker.snapshot === undefined
        ? work(contextOf(database.dbOf(call)))
        : database.snapshots.within(asker.snapshot, call, (db) => work(contextOf(db))));
    } finally {
      call.end();
    }
  };
  const mask: Mask = (error, requestId) => maskError(error, (cause) => onError(cause, requestId));
  const executeMasked: typeof execute = async (args) => {
    const result = await execute(args);
    if (!result.errors) return result;
    const { requestId } = args.contextValue as Context;
    return { ...result, errors: result.errors.map((error) => mask(error, requestId)) };
  };
  let yoga: ReturnType<typeof createYogaServer> | undefined;
  // Only a subgraph that listens needs Yoga, which is a fifth of the modules of a start.
  const openYoga = async () => {
    yoga ??= (await import('./yoga.ts')).createYogaServer(schema, executeMasked, mask, keys !== undefined);
    return yoga;
  };
  const server = createHttpServer({
    admit: keys ? admitSigned(name, keys) : admitAll,
    answer: ({ method = 'GET', url = '/', headers }, { body, asker }, signal) =>
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
      ),
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
      return new Promise((resolve, reject) => {
        const at = keys ? host : loopback;
        server.once('error', reject);
        server.listen(port, at, () => {
          server.off('error', reject);
          const { port: taken } = server.address() as AddressInfo;
          resolve(`${tls ? 'https' : 'http'}://${at}:${taken}/graphql`);
        });
      });
    },
    ready: () => database.ready(),
    close: async () => {
      await database.snapshots.close();
      if (server.listening) {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeIdleConnections();
        await closed;
      }
      await database.close();
    },
  };
}

const loopback = '127.0.0.1';

const hasBody = (method: string) => method !== 'GET' && method !== 'HEAD';
