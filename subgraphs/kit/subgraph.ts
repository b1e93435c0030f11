import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { commonSdl, type MemberName, ownSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { type Asker, createContext } from './context.ts';
import { connect, type DatabaseOptions } from './database.ts';
import { inProcess, type SubgraphRequest } from './in-process.ts';
import { maskError } from './mask-error.ts';

/** One agency's part of the graph, over its own database. */
export interface Subgraph {
  readonly name: MemberName;
  readonly schema: GraphQLSchema;
  /** Answers in this process. */
  execute(request: SubgraphRequest, asker?: Asker): Promise<ExecutionResult>;
  /** Answers over HTTP at `/graphql`; resolves to its address. Port 0 picks a free one. */
  listen(port: number, host?: string): Promise<string>;
  /** Rejects when the database cannot answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Resolvers by type and field. A resolver knows the shape of its own row and arguments; the map need not. */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type Resolvers = Record<string, any>;

export interface SubgraphOptions extends DatabaseOptions {
  /** Told the cause of an error of which the caller sees only the place. */
  onError?: (cause: unknown) => void;
}

/** A subgraph from the resolvers of what all subgraphs share and those of what is its own. */
export function createSubgraph(
  name: MemberName,
  resolvers: { shared: Resolvers; own: Resolvers },
  options: SubgraphOptions,
): Subgraph {
  const { onError = console.error } = options;
  const database = connect(options);
  const schema = buildSubgraphSchema([
    { typeDefs: parse(commonSdl(name)), resolvers: resolvers.shared },
    { typeDefs: parse(ownSdl(name)), resolvers: resolvers.own },
  ]);
  const context = (asker?: Asker) => createContext(database.db, asker?.caller);
  const mask = (error: GraphQLError) => maskError(error, onError);
  const server = createServer(
    createYoga({
      schema,
      context: () => context(),
      graphqlEndpoint: '/graphql',
      graphiql: false,
      landingPage: false,
      logging: false,
      maskedErrors: {
        maskError: (error) => (error instanceof GraphQLError ? mask(error) : (error as Error)),
      },
    }),
  );

  return {
    name,
    schema,
    execute: inProcess(schema, context, mask),
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(`http://${host}:${(server.address() as AddressInfo).port}/graphql`);
        });
      }),
    ready: () => database.ready(),
    close: async () => {
      if (server.listening) {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeIdleConnections();
        await closed;
      }
      await database.close();
    },
  };
}
