import type {
  DocumentNode,
  FormattedExecutionResult,
  GraphQLError,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '../request/context.ts';

/** An answer of one operation before it is sent. Apollo Server's request context has this shape. */
export type Answering = {
  readonly request: { readonly http?: { readonly headers: ReadonlyMap<string, string> } };
  readonly schema: GraphQLSchema;
  /** Undefined when the document is not valid. */
  readonly document?: DocumentNode;
  readonly operation?: OperationDefinitionNode;
  /** Cache key of the document. */
  readonly queryHash?: string;
  /** The errors as thrown, in the order of the answer. */
  readonly errors?: readonly GraphQLError[];
  readonly response: {
    readonly http: { status?: number };
    readonly body:
      | { readonly kind: 'single'; singleResult: FormattedExecutionResult }
      | { readonly kind: 'incremental' };
  };
  readonly contextValue: GatewayContext;
};

/** Reads or changes an answer before it is sent. */
export type ResponseStep = (answering: Answering) => void;
