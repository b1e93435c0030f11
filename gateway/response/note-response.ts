import type { OperationDefinitionNode } from 'graphql';
import type { Reply } from '../http/reply.ts';
import { DataText } from '../lib/data-text.ts';
import type { GatewayContext } from '../request/context.ts';
import type { KnownOperation } from '../request/record.ts';
import { explain } from '../telemetry/explain.ts';
import type { ResponseStep } from './response-step.ts';

/** Records how a request ends, and adds an explanation if the caller asks for it and may see it. */
export const noteResponse =
  (mayExplain: (context: GatewayContext) => boolean): ResponseStep =>
  ({ operation, queryHash, response: { body }, contextValue }) => {
    const { record } = contextValue;
    if (!record || body.kind !== 'single') return;
    const { data, errors, extensions } = body.singleResult;
    record.noteAnswer({
      operation: operation && knownAs(operation, queryHash ?? ''),
      errorCodes: errors ? codesOf(errors) : noCodes,
      hasData: hasData(data),
    });
    if (record.options.wantsExplanation && mayExplain(contextValue)) {
      body.singleResult.extensions = { ...extensions, explain: explain(record) };
    }
  };

const known = new WeakMap<OperationDefinitionNode, KnownOperation>();

/**
 * Returns the known operation. Apollo Server keeps an operation as long as its document, so its hash stays the same.
 */
function knownAs(operation: OperationDefinitionNode, hash: string): KnownOperation {
  let named = known.get(operation);
  if (!named) {
    named = { name: operation.name?.value, hash };
    known.set(operation, named);
  }
  return named;
}

const hasData = (data: unknown) =>
  data instanceof DataText ? data.text !== 'null' : data !== null && data !== undefined;

const noCodes: readonly string[] = [];

/** Returns the codes in a reply; none if its body is not a GraphQL answer. */
export function codesIn({ body }: Reply): readonly string[] {
  try {
    return codesOf(JSON.parse(String(body)).errors);
  } catch {
    return noCodes;
  }
}

type Coded = { readonly extensions?: { readonly code?: unknown } };

/** Returns the codes without duplicates. */
const codesOf = (errors: readonly Coded[]): readonly string[] => [
  ...new Set(errors.map(({ extensions }) => String(extensions?.code ?? 'INTERNAL_SERVER_ERROR'))),
];
