import type { DocumentNode, GraphQLSchema, ValidationRule } from 'graphql';
import type { ValidOperation } from '../admission/check-cost.ts';
import type { CheckDocument } from '../admission/check-document.ts';
import type { ExecutionAnswer } from '../execution/execution.ts';
import type { Incoming } from '../http/incoming.ts';
import type { Reply } from '../http/reply.ts';
import type { Json } from '../lib/json.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { GatewayContext } from '../request/context.ts';
import type { ResponseStep } from './response-step.ts';

/**
 * Runs before a valid operation is executed. Returns headers of the answer. Throws or rejects with a Refusal; then the
 * operation is not executed.
 */
export type ValidStep = (
  operation: ValidOperation,
  variables: Json,
  context: GatewayContext,
) => MaybePromise<Readonly<Record<string, string>> | undefined>;

/** Authorizes, plans and executes an operation. */
export type ExecuteStep = (request: OperationRequest) => Promise<ExecutionAnswer>;

/** A request with a valid document. Its operation may be unknown: the executor says so. */
export type OperationRequest = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: Json;
  readonly context: GatewayContext;
};

/** How Apollo Server validates a document. */
export type Validation = {
  readonly rules: readonly ValidationRule[];
  /** Maximum number of errors reported for a document. */
  readonly maxErrors: number;
};

/** What a step does, by the phase of an operation in which it runs. The phases stand in their order. */
type Phases = {
  /** Before the document is parsed. */
  readonly read: CheckDocument;
  readonly validate: Validation;
  /** When the document is valid. */
  readonly admit: ValidStep;
  readonly execute: ExecuteStep;
  /** Before the answer is sent. */
  readonly respond: ResponseStep;
};

type Phase = keyof Phases;

const phases: readonly Phase[] = ['read', 'validate', 'admit', 'execute', 'respond'];

/** One step of an operation. Its second member says in which phase it runs. */
export type OperationStep = {
  [Each in Phase]: { readonly name: string } & { readonly [Name in Each]: Phases[Each] };
}[Phase];

/** Steps of an operation by phase, each list in order, as the server runs them. */
export type OperationSteps = {
  readonly read: readonly CheckDocument[];
  readonly validate: Validation;
  readonly admit: readonly ValidStep[];
  readonly execute: ExecuteStep;
  readonly respond: readonly ResponseStep[];
};

/** Takes a request with this body through the steps of an operation. */
export type AnswerOperation = (incoming: Incoming, body: unknown, steps: OperationSteps) => Promise<Reply>;

/** Sorts steps by phase. Throws when they do not stand in the order in which they run. */
export function sortSteps(steps: readonly OperationStep[]): OperationSteps {
  const order = steps.map((step) => phases.findIndex((phase) => phase in step));
  const early = steps.find((_, index) => (order[index] ?? 0) < (order[index - 1] ?? 0));
  if (early) throw new Error(`The step "${early.name}" runs before the step that stands before it.`);
  const [validate, secondValidate] = steps.flatMap((step) => ('validate' in step ? [step.validate] : []));
  const [execute, secondExecute] = steps.flatMap((step) => ('execute' in step ? [step.execute] : []));
  if (!validate || !execute || secondValidate || secondExecute) {
    throw new Error('An operation is validated in one step and executed in one step.');
  }
  return {
    read: steps.flatMap((step) => ('read' in step ? [step.read] : [])),
    validate,
    admit: steps.flatMap((step) => ('admit' in step ? [step.admit] : [])),
    execute,
    respond: steps.flatMap((step) => ('respond' in step ? [step.respond] : [])),
  };
}

/** Steps that stand in for others, by name. Each gets the step that it replaces. */
export type Replacements = {
  readonly admit: Readonly<Record<string, (replaced: ValidStep) => ValidStep>>;
  readonly execute: Readonly<Record<string, (replaced: ExecuteStep) => ExecuteStep>>;
};

/** Replaces steps by name. Throws when there is no step of a name. */
export function replaceSteps(
  steps: readonly OperationStep[],
  { admit, execute }: Replacements,
): readonly OperationStep[] {
  const names = new Set(steps.map(({ name }) => name));
  const missing = [...Object.keys(admit), ...Object.keys(execute)].find((name) => !names.has(name));
  if (missing !== undefined) throw new Error(`There is no step "${missing}" to replace.`);
  return steps.map((step) => {
    const { name } = step;
    if ('admit' in step) return { name, admit: admit[name]?.(step.admit) ?? step.admit };
    if ('execute' in step) return { name, execute: execute[name]?.(step.execute) ?? step.execute };
    return step;
  });
}
