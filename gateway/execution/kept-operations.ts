import { type DocumentNode, GraphQLError, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { payerOfRequest } from '../admission/payer.ts';
import type { Log } from '../lib/log.ts';
import { findOperation, type Operation } from '../planning/operation.ts';
import type { GatewayContext } from '../request/context.ts';
import { ExecutionError, unplannable } from '../request/errors.ts';
import {
  type Compiled,
  type CompileFor,
  type CompileOptions,
  compileOperation,
} from './compile-operation.ts';

/** An operation as the caller names it. */
export type NamedOperation = {
  readonly document: DocumentNode;
  /** Stands for the document in caches, as its hash does. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
};

/** What an operation is compiled from; nothing of it is of one supergraph or one request. */
export type KeptOperation = NamedOperation & CompileFor;

export type KeptOperations = {
  /** How many operations are kept compiled. */
  readonly count: number;
  find(named: NamedOperation): Operation | GraphQLError;
  isKept(wanted: KeptOperation): boolean;
  /**
   * The compiled operation; compiles it where it is not kept. Many requests of a caller for a new operation wait for one
   * compilation; one that failed is tried again. Rejects with an error for callers.
   */
  compiled(
    operation: Operation,
    wanted: KeptOperation,
    context?: GatewayContext,
  ): Promise<Compiled> | Compiled;
  /** At most so many of those kept, the one asked for last first. */
  recent(count: number): readonly KeptOperation[];
  /** Compiles what another executor kept, if it is valid here, before anybody asks for it. */
  prepare(operation: KeptOperation): Promise<void>;
};

/** Keeps at most `max` operations found in documents, and as many compiled. */
export function keepOperations(options: CompileOptions, max: number, log: Log): KeptOperations {
  const operations = new LRUCache<string, Operation>({ max });
  const kept = new LRUCache<string, { readonly wanted: KeptOperation; readonly compiled: Compiled }>({ max });
  /** For each payer apart: who waits for another's turn could wait long. */
  const compiling = new Map<string, Promise<Compiled>>();

  function find({ document, documentKey, operationName }: NamedOperation): Operation | GraphQLError {
    const key = `${documentKey}\n${operationName ?? ''}`;
    const operation = operations.get(key) ?? findOperation(document, operationName);
    if (!(operation instanceof GraphQLError)) operations.set(key, operation);
    return operation;
  }

  async function compile(
    key: string,
    operation: Operation,
    wanted: KeptOperation,
    context: GatewayContext | undefined,
  ): Promise<Compiled> {
    const payer = payerOfRequest(context ?? {});
    const own = `${payer}\n${key}`;
    const compiled = compiling.get(own) ?? compileFor(payer, key, operation, wanted);
    compiling.set(own, compiled);
    try {
      return await compiled;
    } catch (cause) {
      if (cause instanceof ExecutionError) throw cause;
      log.error({ requestId: context?.requestId, cause }, 'An operation could not be planned.');
      throw unplannable();
    } finally {
      compiling.delete(own);
    }
  }

  async function compileFor(payer: string, key: string, operation: Operation, wanted: KeptOperation) {
    const asked = { payer, known: () => kept.get(key)?.compiled.plan };
    const compiled = await compileOperation(options, operation, wanted, asked);
    kept.set(key, { wanted, compiled });
    return compiled;
  }

  const compiledOf: KeptOperations['compiled'] = (operation, wanted, context) => {
    const key = keyOf(wanted);
    return kept.get(key)?.compiled ?? compile(key, operation, wanted, context);
  };

  return {
    get count() {
      return kept.size;
    },
    find,
    isKept: (wanted) => kept.has(keyOf(wanted)),
    compiled: compiledOf,
    // What a restriction takes away, and what tells of an enterprise, is said by the supergraph that goes.
    recent: (count) =>
      [...kept.values()]
        .map(({ wanted }) => wanted)
        .filter(({ authorization, disclosure, refused }) => !authorization?.key && !disclosure && !refused)
        .slice(0, count),
    async prepare(wanted) {
      if (validate(options.supergraph.publicSchema, wanted.document).length > 0) return;
      const operation = find(wanted);
      if (!(operation instanceof GraphQLError)) await compiledOf(operation, wanted);
    },
  };
}

/** Operations with the same key are compiled alike. */
const keyOf = ({
  documentKey,
  operationName,
  decisions,
  rollout,
  authorization,
  disclosure,
  refused,
}: KeptOperation) =>
  `${documentKey}\n${operationName ?? ''}\n${Object.values(decisions).join()}\n${rollout.key}\n${authorization?.key ?? ''}` +
  (disclosure ? '\nnaming' : '') +
  (refused ? `\n${JSON.stringify([...refused])}` : '');
