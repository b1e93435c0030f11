import type { Subgraph, SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { readableDatabase } from './database.ts';

export interface TestSubgraph extends AsyncDisposable {
  /** The whole answer, as a caller of the subgraph would read it. */
  ask(query: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** The SQL statements of the last question. */
  readonly statements: readonly string[];
}

/** A subgraph over the whole dataset, to be read. */
export async function startSubgraph(
  name: SubgraphName,
  create: (options: SubgraphOptions) => Subgraph,
): Promise<TestSubgraph> {
  const database = readableDatabase();
  const statements: string[] = [];
  const subgraph = create({ url: database.urls[name], onStatement: (sql) => statements.push(sql) });
  return {
    statements,
    ask: async (query, variables = {}) => {
      statements.length = 0;
      return JSON.parse(JSON.stringify(await subgraph.execute({ query, variables })));
    },
    [Symbol.asyncDispose]: () => subgraph.close(),
  };
}
