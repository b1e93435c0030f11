import type { DocumentNode, GraphQLSchema, ValidationRule } from 'graphql';
import type { ValidOperation } from '../admission/check-cost.ts';
import type { RequestLimits } from '../admission/request-limits.ts';
import type { ExecutionAnswer } from '../execution/executor.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Incoming } from '../http/incoming.ts';
import type { Reply } from '../http/reply.ts';
import type { Json } from '../lib/json.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { GatewayContext } from '../request/context.ts';
import type { ResponseStep } from './response-step.ts';

/** Steps of every operation: `checkDocument`, `validation`, `price`, `execute`, `respond`. */
export type Pipeline = OperationSteps & {
  readonly checkDocument: RequestLimits['checkDocument'];
  readonly validation: {
    readonly rules: readonly ValidationRule[];
    /** Maximum number of errors reported for a document. */
    readonly maxErrors: number;
  };
  /** Runs on an answer before it is sent, after `execute`. */
  readonly respond: ResponseStep;
};

/** The steps of a valid operation. An export has its own. */
export type OperationSteps = {
  /**
   * Charges the caller for a valid operation. Returns headers of the answer. Throws or rejects with a Refusal; then the
   * operation is not executed.
   */
  price(
    operation: ValidOperation,
    variables: Json,
    context: GatewayContext,
  ): MaybePromise<Readonly<Record<string, string>> | undefined>;
  /** Authorizes, plans and executes an operation. */
  execute(request: OperationRequest): Promise<ExecutionAnswer>;
};

/** A request with a valid document. Its operation may be unknown: the executor says so. */
export type OperationRequest = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: Json;
  readonly context: GatewayContext;
};

/** Takes a request with this body through the pipeline. `steps` price and execute its operation. */
export type AnswerOperation = (incoming: Incoming, body: unknown, steps: OperationSteps) => Promise<Reply>;

/** Creates the steps of an operation that is executed once. */
export const answerOnce = (
  { costOf, checkCost }: Pick<RequestLimits, 'costOf' | 'checkCost'>,
  graphs: GraphManager,
): OperationSteps => ({
  price(operation, variables, context) {
    const cost = costOf(operation, variables);
    return cost === undefined ? undefined : checkCost(cost, context);
  },
  execute: (request) => graphs.ofSchema(request.schema).executor.execute(request),
});
