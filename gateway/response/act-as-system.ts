import { randomUUID } from 'node:crypto';
import { getOperationAST, parse } from 'graphql';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import type { ExecuteStep } from './operation-steps.ts';
import type { ChangeRecords } from './record-changes.ts';

/** Carries out a mutation as the hub itself. Returns its errors; none if it was carried out, now or before. */
export type ActAsSystem = (
  mutation: string,
  input: Json,
) => Promise<readonly { readonly code: string; readonly message: string }[]>;

const timeoutMs = 15_000;

/**
 * Creates the way of a mutation of the hub itself: like that of a caller's, it is checked against `@writable`, put on
 * record before the agency is called, gets its evidence, and its outcome is put on record. No credentials lead to it.
 */
export const createActAsSystem =
  (graphs: GraphManager, changes: ChangeRecords, execute: ExecuteStep): ActAsSystem =>
  async (mutation, input) => {
    const graph = graphs.current;
    const release = graphs.hold(graph);
    const context: GatewayContext = {
      requestId: randomUUID(),
      headers: new Map(),
      caller: { kind: 'system' },
      // The agency decides by its table what the hub may do; what it sees of the object goes to nobody.
      isOwnQuestion: true,
      deadline: performance.now() + timeoutMs,
    };
    try {
      const schema = graph.supergraph.publicSchema;
      const type = schema
        .getMutationType()
        ?.getFields()
        [mutation]?.args.find(({ name }) => name === 'input')?.type;
      const text = `mutation ($input: ${type}) { ${mutation}(input: $input) { __typename } }`;
      const document = parse(text);
      const operation = getOperationAST(document);
      if (!type || !operation) throw new Error(`The graph has no mutation ${mutation} with an input.`);
      const variables = { input };
      await changes.admit({ schema, document, operation }, variables, context);
      const answer = await execute({
        schema,
        document,
        documentKey: text,
        operationName: undefined,
        variables,
        context,
      });
      const errors = (answer.errors ?? []).map((error) => error.toJSON());
      changes.end(context, errors);
      return errors.map(({ message, extensions }) => ({
        message,
        code: String(extensions?.code ?? 'INTERNAL_SERVER_ERROR'),
      }));
    } finally {
      release();
    }
  };
