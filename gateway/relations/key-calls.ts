import { SubgraphFailure } from '../execution/errors.ts';
import { isObject, type Json } from '../execution/json.ts';
import type { Answer, Run } from '../execution/run.ts';
import type { KeptList } from './relations-of-graph.ts';
import { failed, refused } from './unresolved.ts';

/** Of which things: those that rows name by a link, or, without one, the rows themselves. */
export type Wanted = {
  readonly link?: string;
  readonly to?: string;
  /** Only these. */
  readonly among?: readonly string[];
};

export type KeysWanted = Wanted & { readonly filter: Json; readonly negated?: boolean };
export type ValuesWanted = Wanted & { readonly order: Json };
export type GroupsWanted = Wanted & { readonly by: Json };

/** A key and a value, as text, at each index: of values to order by with their type, a key has one. */
export type KeyValues = {
  readonly type?: string;
  readonly keys: readonly string[];
  readonly values: readonly string[];
};

/** Answers to key calls, by what was asked: whoever has the same answered alike keeps one for as long. */
export type KeyMemo = Map<string, Promise<unknown>>;

/**
 * What the gateway asks subgraphs, to resolve what is related: undefined where there are more than it may carry. So
 * each question is a bounded count at the same time. What is asked again is answered from the memo. Rejects with
 * `Unresolved`.
 */
export type KeyCalls = {
  readonly limit: number;
  keys(list: KeptList, wanted: KeysWanted): Promise<readonly string[] | undefined>;
  values(list: KeptList, wanted: ValuesWanted): Promise<KeyValues | undefined>;
  groups(list: KeptList, wanted: GroupsWanted): Promise<KeyValues | undefined>;
};

export function createKeyCalls(
  ask: Run['ask'],
  limit: number,
  signal: AbortSignal | undefined,
  memo: KeyMemo = new Map(),
): KeyCalls {
  const call = async <Value>(list: KeptList, question: Question, wanted: Json): Promise<Value> => {
    const variables = { ...wanted, first: limit + 1 };
    const answer = await ask(list.subgraph, { kind: 'query', ...question, variables, signal });
    if (answer instanceof SubgraphFailure) throw failed(answer);
    const [error] = answer.errors;
    if (error || !answer.data) throw refused(list.subgraph, error ?? { message: 'There is no answer.' });
    return answer.data.found as Value;
  };
  const once = <Value>(list: KeptList, question: Question, wanted: Json): Promise<Value> => {
    const key = `${question.operationName} ${JSON.stringify(wanted)}`;
    const known = memo.get(key) as Promise<Value> | undefined;
    if (known) return known;
    const answer = call<Value>(list, question, wanted);
    memo.set(key, answer);
    // A memo may outlive a failure.
    answer.catch(() => memo.delete(key));
    return answer;
  };

  const pairs = async (list: KeptList, question: Question, wanted: Json) => {
    const found = await once<KeyValues>(list, question, wanted);
    return found.keys.length > limit ? undefined : found;
  };

  return {
    limit,
    async keys(list, wanted) {
      const found = await once<readonly string[]>(list, keysOf(list), wanted);
      return found.length > limit ? undefined : found;
    },
    values: (list, wanted) => pairs(list, valuesOf(list), wanted),
    groups: (list, wanted) => pairs(list, groupsOf(list), wanted),
  };
}

/** Of the answer to a key call; undefined of any other. */
export function countKeys({ data }: Answer): number | undefined {
  const found = data?.found;
  const keys = isObject(found) ? found.keys : found;
  return Array.isArray(keys) ? keys.length : undefined;
}

type Question = { readonly operationName: string; readonly query: string };

const keysOf = ({ name, filter }: KeptList): Question => ({
  operationName: `${name}Keys`,
  query: `query ${name}Keys($filter: ${filter}, $negated: Boolean! = false, ${wantedVariables}) { found: _${name}Keys(filter: $filter, negated: $negated, ${wantedArguments}) }`,
});

const valuesOf = ({ name, order }: KeptList): Question => ({
  operationName: `${name}Values`,
  query: `query ${name}Values($order: ${order}!, ${wantedVariables}) { found: _${name}Values(order: $order, ${wantedArguments}) { type keys values } }`,
});

const groupsOf = ({ name, groupBy }: KeptList): Question => ({
  operationName: `${name}Groups`,
  query: `query ${name}Groups($by: ${groupBy}!, ${wantedVariables}) { found: _${name}Groups(by: $by, ${wantedArguments}) { keys values } }`,
});

const wantedVariables = '$link: String, $to: String, $among: [ID!], $first: Int!';
const wantedArguments = 'link: $link, to: $to, among: $among, first: $first';
