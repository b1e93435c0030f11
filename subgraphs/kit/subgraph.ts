import type { AddressInfo } from 'node:net';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import type { Asker, KeyRing } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { MemberName } from '@wenshu/schema/subgraph-sdl.ts';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { admitAll, admitSigned } from './admission.ts';
import { startCall } from './call.ts';
import { connect, type DatabaseOptions, standardCallTimeoutMs } from './connect.ts';
import { type Context, createContext, type RowFilters } from './context.ts';
import type { Database } from './database.ts';
import { executableSchema, type SubgraphParts } from './executable-schema.ts';
import { execute } from './execution/execute.ts';
import { createHttpServer } from './http-server.ts';
import { inProcess, type SubgraphRequest, type WithContext } from './in-process.ts';
import { maskError } from './mask-error.ts';
import { type OnError, printFailure } from './on-error.ts';
import { createShownOf } from './row-filters.ts';

/** One agency's part of the graph, over its own database. */
export interface Subgraph {
  readonly name: MemberName;
  readonly schema: GraphQLSchema;
  /** Answers in this process, where nobody needs to prove for whom he asks. */
  execute(request: SubgraphRequest, asker?: Asker): Promise<ExecutionResult>;
  /** Holds the rows as they are now until `signal` aborts; calls whose asker names the snapshot see no others. */
  openSnapshot(signal: AbortSignal): Promise<HeldSnapshot>;
  /**
   * Answers over HTTP at `/graphql`; resolves to its address. Port 0 picks a free one. Without `keys` it answers
   * anybody, so it listens on this machine only, whatever `host` says.
   */
  listen(port: number, host?: string): Promise<string>;
  /** Rejects when the database cannot answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface SubgraphOptions extends DatabaseOptions {
  /** Told the cause of an error of which the caller sees only the place, and in which request. */
  onError?: OnError;
  /** Keys of the gateway. With them, calls over HTTP that it did not sign are refused. */
  keys?: KeyRing | undefined;
  /** Over HTTP, only who shows a certificate gets a connection. */
  tls?: MutualTls | undefined;
  /** Whether it is for trials: what is read of itself is then synthetic. */
  isTrial?: boolean;
  /** Told why a call over HTTP was refused. */
  onRefused?: (reason: string) => void;
}

export function createSubgraph(name: MemberName, parts: SubgraphParts, options: SubgraphOptions): Subgraph {
  const { onError = printFailure, onRefused = () => {}, isTrial = false, keys, tls } = options;
  const { callTimeoutMs = standardCallTimeoutMs } = options;
  const database = connect(options);
  const schema = executableSchema(name, parts);
  const shownOf = createShownOf(Object.values(parts.lists ?? {}));
  /** Runs `work` with what resolvers are given for a request; its statements end when its time is up, or when `left` aborts. */
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
  const yoga = yogaOf(schema, executeMasked, mask, keys !== undefined);
  const server = createHttpServer({
    admit: keys ? admitSigned(name, keys) : admitAll,
    answer: ({ method = 'GET', url = '/', headers }, { body, asker }, signal) =>
      withContext(asker, signal, async (context) =>
        yoga.fetch(
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
    // Without keys nobody knows who names a snapshot.
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
    listen: (port, host = loopback) =>
      new Promise((resolve, reject) => {
        const at = keys ? host : loopback;
        server.once('error', reject);
        server.listen(port, at, () => {
          server.off('error', reject);
          const { port: taken } = server.address() as AddressInfo;
          resolve(`${tls ? 'https' : 'http'}://${at}:${taken}/graphql`);
        });
      }),
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

type Mask = (error: GraphQLError, requestId: string | undefined) => GraphQLError;

/** Answers GraphQL over HTTP by our own execution. `isSigned`: it is known that the gateway asks. */
const yogaOf = (schema: GraphQLSchema, run: typeof execute, mask: Mask, isSigned: boolean) =>
  createYoga<Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    plugins: [
      {
        onExecute: ({ setExecuteFn, args: { contextValue } }: Executing) => {
          // Without keys nobody knows who says it.
          if (isSigned) contextValue.rowFilters = rowFiltersOf(contextValue.params?.extensions);
          setExecuteFn(run);
        },
      },
    ],
    maskedErrors: {
      // Of what is executed, it is done already, where the request is known.
      maskError: (error) => (error instanceof GraphQLError ? mask(error, undefined) : (error as Error)),
    },
  });

/** What Yoga tells before it executes an operation. */
interface Executing {
  setExecuteFn(run: typeof execute): void;
  readonly args: {
    readonly contextValue: {
      rowFilters?: RowFilters | undefined;
      readonly params?: { readonly extensions?: Readonly<Record<string, unknown>> | null };
    };
  };
}

const rowFiltersOf = (extensions: Readonly<Record<string, unknown>> | null | undefined) =>
  extensions?.rowFilters as RowFilters | undefined;

const loopback = '127.0.0.1';

const hasBody = (method: string) => method !== 'GET' && method !== 'HEAD';
