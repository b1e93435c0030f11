import type { Subgraph, SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { createDatabase } from './database.ts';

export interface TestSubgraph extends AsyncDisposable {
  /** The whole answer, as a caller of the subgraph would read it. */
  ask(query: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** The SQL statements of the last question. */
  readonly statements: readonly string[];
}

/** A subgraph over a database of its own that holds the whole dataset. */
export async function startSubgraph(
  name: SubgraphName,
  create: (options: SubgraphOptions) => Subgraph,
): Promise<TestSubgraph> {
  const database = await createDatabase();
  const statements: string[] = [];
  const subgraph = create({ url: database.urls[name], onStatement: (sql) => statements.push(sql) });
  return {
    statements,
    ask: async (query, variables = {}) => {
      statements.length = 0;
      return JSON.parse(JSON.stringify(await subgraph.execute({ query, variables })));
    },
    [Symbol.asyncDispose]: async () => {
      await subgraph.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
