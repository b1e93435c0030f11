import { isObject, type Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import { SubgraphFailure } from '../request/errors.ts';
import type { Call } from '../request/record.ts';
import { countKeys } from '../semijoin/key-calls.ts';
import type { Answer, AskSubgraph } from '../upstream/subgraph.ts';

/** Records each call to a subgraph, and sends the trace's id with it. */
export function observe(ask: AskSubgraph, { record }: GatewayContext): AskSubgraph {
  if (!record) return ask;
  const { isDetailed, options } = record;
  const { trace, passedOn, listener } = options;

  return (subgraph, question) => {
    const call: Call = { subgraph, operationName: question.operationName, startedAt: performance.now() };
    record.startCall(call);
    if (isDetailed) call.entitiesAsked = countRepresentations(question.variables);
    const span = trace?.startCall(call);
    const headers = span?.headers ?? passedOn;
    const asked =
      headers || isDetailed
        ? { ...question, ...(headers && { headers }), onBytes: noteBytes(call) }
        : question;

    return ask(subgraph, asked).then((answer) => {
      call.endedAt = performance.now();
      if (answer instanceof SubgraphFailure) call.failure = answer.kind;
      else {
        if (answer.errors.length > 0) call.failure = 'errors';
        if (call.entitiesAsked !== undefined) call.entitiesFound = countEntities(answer);
        if (isDetailed) call.keysFound = countKeys(answer);
      }
      span?.end();
      listener?.callEnded(call);
      return answer;
    });
  };
}

const noteBytes = (call: Call) => (bytes: number) => {
  call.bytes = bytes;
};

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
