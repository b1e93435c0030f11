import type { Evidence } from '@wenshu/schema/evidence.ts';
import type { UnknownName } from '@wenshu/schema/named-records.ts';
import type { Asker } from '@wenshu/schema/signature.ts';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Context, RowFilters } from './context.ts';
import type { DocumentOf } from './documents.ts';
import { execute } from './execution/execute.ts';

export interface SubgraphRequest {
  query: string;
  variables?: Readonly<Record<string, unknown>> | undefined;
  operationName?: string | undefined;
  kind?: 'query' | 'mutation';
  /** Aborts when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
  /** Row filters for the gateway's caller. */
  rowFilters?: RowFilters | undefined;
  /** What the gateway found out for a change. */
  evidence?: Evidence | undefined;
  /** Records that a change names and its caller could not find. */
  unknownNames?: readonly UnknownName[] | undefined;
}

/** What the gateway sends with a call beside its question. */
export type Sent = Pick<SubgraphRequest, 'rowFilters' | 'evidence' | 'unknownNames'>;

/** Runs `work` with the context of a call, until `left` aborts. */
export type WithContext = <T>(
  asker: Asker,
  left: AbortSignal | undefined,
  work: (context: Context) => Promise<T>,
  sent?: Sent,
) => Promise<T>;

/** Answers requests on a schema in this process, like the HTTP server of the subgraph. */
export const inProcess =
  (
    schema: GraphQLSchema,
    documentOf: DocumentOf,
    withContext: WithContext,
    mask: (error: GraphQLError, requestId: string | undefined) => GraphQLError,
  ) =>
  async (
    { query, variables, operationName, kind, signal, rowFilters, evidence, unknownNames }: SubgraphRequest,
    asker: Asker = {},
  ): Promise<ExecutionResult> => {
    const document = documentOf(query);
    if (!('kind' in document)) return { errors: document };
    // A mutation that has started is completed.
    const left = kind === 'mutation' ? undefined : signal;
    const result = await withContext(
      asker,
      left,
      (contextValue) => execute({ schema, document, contextValue, variableValues: variables, operationName }),
      { rowFilters, evidence, unknownNames },
    );
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => mask(error, asker.requestId)) };
  };
