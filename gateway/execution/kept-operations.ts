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
  /** Cache key of the document, such as its hash. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
};

/** Input of the compilation of an operation. It belongs to no particular supergraph or request. */
export type KeptOperation = NamedOperation & CompileFor;

export type KeptOperations = {
  /** Number of compiled operations in the cache. */
  readonly count: number;
  find(named: NamedOperation): Operation | GraphQLError;
  isKept(wanted: KeptOperation): boolean;
  /**
   * Returns the compiled operation, and compiles it if needed. Concurrent requests of a caller for a new operation
   * share one compilation; a failed one is tried again. Rejects with an error for the caller.
   */
  compiled(
    operation: Operation,
    wanted: KeptOperation,
    context?: GatewayContext,
  ): Promise<Compiled> | Compiled;
  /** Returns up to `count` cached operations, most recently used first. */
  recent(count: number): readonly KeptOperation[];
  /** Compiles an operation of another executor's cache, if it is valid here, before a request needs it. */
  prepare(operation: KeptOperation): Promise<void>;
};

/** Creates a cache of at most `max` operations found in documents, and as many compiled ones. */
export function keepOperations(options: CompileOptions, max: number, log: Log): KeptOperations {
  const operations = new LRUCache<string, Operation>({ max });
  const kept = new LRUCache<string, { readonly wanted: KeptOperation; readonly compiled: Compiled }>({ max });
  /** Compilations in progress, separate for each payer: one that waits for another payer's turn could wait long. */
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
    const key = operationKeyOf(wanted);
    return kept.get(key)?.compiled ?? compile(key, operation, wanted, context);
  };

  return {
    get count() {
      return kept.size;
    },
    find,
    isKept: (wanted) => kept.has(operationKeyOf(wanted)),
    compiled: compiledOf,
    // Denied fields and disclosure are decided by the old supergraph, so they are not carried over.
    recent: (count) =>
      [...kept.values()]
        .map(({ wanted }) => wanted)
        .filter(({ authorization, disclosure, failures }) => !authorization?.key && !disclosure && !failures)
        .slice(0, count),
    async prepare(wanted) {
      if (validate(options.supergraph.publicSchema, wanted.document).length > 0) return;
      const operation = find(wanted);
      if (!(operation instanceof GraphQLError)) await compiledOf(operation, wanted);
    },
  };
}

/** Returns the cache key of a compiled operation. */
const operationKeyOf = ({
  documentKey,
  operationName,
  decisions,
  rollout,
  authorization,
  disclosure,
  failures,
}: KeptOperation) =>
  `${documentKey}\n${operationName ?? ''}\n${Object.values(decisions).join()}\n${rollout.key}\n${authorization?.key ?? ''}` +
  (disclosure ? '\ndisclosure' : '') +
  (failures ? `\n${JSON.stringify([...failures].map(([variable, { key }]) => [variable, key]))}` : '');
