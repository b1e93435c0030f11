import type {
  DocumentNode,
  FormattedExecutionResult,
  GraphQLError,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '../request/context.ts';

/** An answer to one operation before it leaves; Apollo Server's own description of an answer is one of these. */
export type Answering = {
  readonly schema: GraphQLSchema;
  /** Undefined where the document is not valid. */
  readonly document?: DocumentNode;
  readonly operation?: OperationDefinitionNode;
  /** Stands for the document in caches. */
  readonly queryHash?: string;
  /** The errors as they were thrown, in the order in which the answer lists them. */
  readonly errors?: readonly GraphQLError[];
  readonly response: {
    readonly body:
      | { readonly kind: 'single'; singleResult: FormattedExecutionResult }
      | { readonly kind: 'incremental' };
  };
  readonly contextValue: GatewayContext;
};

/** Reads or changes an answer before it leaves. */
export type ResponseStep = (answering: Answering) => void;

/** Takes an answer through these steps in this order. */
export const respondWith =
  (steps: readonly ResponseStep[]): ResponseStep =>
  (answering) => {
    for (const step of steps) step(answering);
  };
