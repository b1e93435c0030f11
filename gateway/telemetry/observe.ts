import { isObject, type Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import { SubgraphFailure } from '../request/errors.ts';
import type { CallResult } from '../request/record.ts';
import { countKeys } from '../semijoin/key-calls.ts';
import type { Answer, AskSubgraph } from '../upstream/subgraph.ts';

/** Records each call to a subgraph, and sends the trace's id with it. */
export function observe(ask: AskSubgraph, { record }: GatewayContext): AskSubgraph {
  if (!record) return ask;
  const { isDetailed, options } = record;
  const { trace, passedOn, listener } = options;

  return (subgraph, question) => {
    const { operationName, variables } = question;
    const entitiesAsked = isDetailed ? countRepresentations(variables) : undefined;
    const endCall = record.startCall({ subgraph, operationName, entitiesAsked });
    const span = trace?.startCall({ subgraph, operationName });
    const headers = span?.headers ?? passedOn;
    let bytes: number | undefined;
    const onBytes = (count: number) => {
      bytes = count;
    };
    const asked = headers || isDetailed ? { ...question, ...(headers && { headers }), onBytes } : question;

    return ask(subgraph, asked).then((answer) => {
      const counts = isDetailed ? { ...countsIn(answer, entitiesAsked !== undefined), bytes } : undefined;
      const call = endCall({ failure: failureOf(answer), ...counts });
      span?.end(call);
      listener?.callEnded(call);
      return answer;
    });
  };
}

function failureOf(answer: Answer | SubgraphFailure): CallResult['failure'] {
  if (answer instanceof SubgraphFailure) return answer.kind;
  return answer.errors.length > 0 ? 'errors' : undefined;
}

const countsIn = (answer: Answer | SubgraphFailure, hasEntities: boolean): CallResult =>
  answer instanceof SubgraphFailure
    ? {}
    : { entitiesFound: hasEntities ? countEntities(answer) : undefined, keysFound: countKeys(answer) };

/** Counts the representations of all batches of a call; undefined when it requests no entities. */
function countRepresentations(variables: Json = {}): number | undefined {
  const lists = Object.values(variables).filter(isRepresentations);
  return lists.length === 0 ? undefined : lists.reduce((count, list) => count + list.length, 0);
}

const isRepresentations = (value: unknown): value is unknown[] =>
  Array.isArray(value) && isObject(value[0]) && typeof value[0].__typename === 'string';

/** Counts the entities of an answer. Such a call requests nothing else: its answer has a list for each batch. */
const countEntities = ({ data = {} }: Answer): number =>
  Object.values(data)
    .map((list) => (Array.isArray(list) ? list.filter(isObject).length : 0))
    .reduce((total, count) => total + count, 0);
