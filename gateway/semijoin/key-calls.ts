import { parseValue, valueFromASTUntyped } from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import type { Authorization } from '../request/authorization.ts';
import { SubgraphFailure } from '../request/errors.ts';
import type { KeptList } from '../supergraph/relations.ts';
import type { Answer, AskSubgraph } from '../upstream/subgraph.ts';
import { failed, refused } from './failures.ts';

/** The requested keys: those that rows name by a link or, without one, the rows' own keys. */
export type Wanted = {
  readonly link?: string;
  readonly to?: string;
  /** Candidates; undefined for all. */
  readonly among?: readonly string[];
};

export type KeysWanted = Wanted & {
  readonly filter: Json;
  readonly negated?: boolean;
  /** Whether to return undefined when there are more than a few. A limited count finds that out at once. */
  readonly onlyFew?: boolean;
};
export type ValuesWanted = Wanted & { readonly order: Json };
export type GroupsWanted = Wanted & { readonly by: Json };

/** Rows of a list in its order, after a cursor, or before it when `backward`. */
export type WindowWanted = {
  readonly filter: Json;
  readonly orderBy: unknown;
  readonly cursor: string | null;
  readonly backward: boolean;
  readonly first: number;
};

/** Ids of rows in the order in which they were read, and the cursor of the last one. */
export type Window = { readonly keys: readonly string[]; readonly endCursor: string | null };

/** Keys and values as text, by index, and the type of the values. To order by values, each key has one. */
export type KeyValues = {
  readonly type: string;
  readonly keys: readonly string[];
  readonly values: readonly string[];
};

/** Answers to key calls, by request. Requests with the same answers share a memo for as long. */
export type KeyMemo = Map<string, Promise<unknown>>;

/**
 * Calls to subgraphs that resolve related data. Each returns undefined when there are more keys than the gateway may
 * carry, so it is also a bounded count. Repeated calls are answered from the memo. They reject with `ArgumentFailure`.
 */
export type KeyCalls = {
  readonly limit: number;
  /** Whether a list has rows that are hidden from the caller. */
  hidesRowsOf(list: KeptList): boolean;
  keys(list: KeptList, wanted: KeysWanted): Promise<readonly string[] | undefined>;
  values(list: KeptList, wanted: ValuesWanted): Promise<KeyValues | undefined>;
  groups(list: KeptList, wanted: GroupsWanted): Promise<KeyValues | undefined>;
  /** Returns a window of the rows that match the list's filter. It is not memoized. */
  window(list: KeptList, wanted: WindowWanted): Promise<Window>;
  /** Returns calls for requests that are not repeated: with a memo of their own, and without first asking for few keys. */
  apart(): KeyCalls;
};

export type KeyCallOptions = {
  readonly ask: AskSubgraph;
  readonly limit: number;
  /** Number of keys that can be carried at no noticeable cost. */
  readonly few: number;
  readonly signal: AbortSignal | undefined;
  readonly memo: KeyMemo | undefined;
  /** Authorization of rows. Hidden rows must not affect the result for others. */
  readonly authorization: Pick<Authorization, 'rowDenialOf'> | undefined;
};

export function createKeyCalls(options: KeyCallOptions): KeyCalls {
  const { ask, limit, signal, memo = new Map(), authorization } = options;
  const few = Math.min(options.few, limit);
  const besidesOf = ({ rowType }: KeptList): { besides: unknown } | undefined => {
    const denial = authorization?.rowDenialOf(rowType);
    if (!denial) return undefined;
    const filter = denial.exempt?.filter;
    if (filter === undefined) throw ArgumentFailure.from(denial);
    return { besides: valueFromASTUntyped(parseValue(filter)) };
  };
  /** Returns the row filters of a type, so that hidden rows are not among the keys, however many rows name them. */
  const rowFiltersFor = (type: unknown): Readonly<Record<string, string>> | undefined => {
    const lookup = typeof type === 'string' ? authorization?.rowDenialOf(type)?.exempt?.lookup : undefined;
    return lookup === undefined ? undefined : { [String(type)]: lookup };
  };
  const call = async <Value>(list: KeptList, question: Question, wanted: Json): Promise<Value> => {
    const rowFilters = rowFiltersFor(wanted.to);
    const request = { kind: 'query', ...question, variables: wanted, signal } as const;
    const answer = await ask(list.subgraph, { ...request, ...(rowFilters && { rowFilters }) });
    if (answer instanceof SubgraphFailure) throw failed(answer);
    const [error] = answer.errors;
    if (error || !answer.data) throw refused(list.subgraph, error ?? { message: 'There is no answer.' });
    return answer.data.found as Value;
  };
  const once = <Value>(list: KeptList, question: Question, wanted: Json): Promise<Value> => {
    const key = `${question.operationName} ${JSON.stringify([wanted, rowFiltersFor(wanted.to)])}`;
    const known = memo.get(key) as Promise<Value> | undefined;
    if (known) return known;
    const answer = call<Value>(list, question, wanted);
    memo.set(key, answer);
    // A memo may outlive a failure.
    answer.catch(() => memo.delete(key));
    return answer;
  };

  const pairs = async (list: KeptList, question: Question, wanted: Json) => {
    const asked = { ...wanted, ...besidesOf(list), first: limit + 1 };
    const found = await once<KeyValues>(list, question, asked);
    return found.keys.length > limit ? undefined : found;
  };

  return {
    limit,
    hidesRowsOf: (list) => besidesOf(list) !== undefined,
    async keys(list, { onlyFew = false, ...wanted }) {
      const question = keysOf(list);
      const asked = { ...wanted, ...besidesOf(list) };
      // When rows are few, duplicates among them do not matter, and stopping early costs nothing.
      if (!wanted.among && (onlyFew || few > 0)) {
        const some = await once<readonly string[]>(list, question, {
          ...asked,
          repeated: true,
          first: few + 1,
        });
        if (some.length <= few) return [...new Set(some)];
        if (onlyFew) return undefined;
      }
      const found = await once<readonly string[]>(list, question, { ...asked, first: limit + 1 });
      return found.length > limit ? undefined : found;
    },
    values: (list, wanted) => pairs(list, valuesOf(list), wanted),
    groups: (list, wanted) => pairs(list, groupsOf(list), wanted),
    window: (list, wanted) => call<Window>(list, windowOf(list), wanted),
    apart: () => createKeyCalls({ ...options, memo: new Map(), few: 0 }),
  };
}

/** Returns the number of keys in an answer; undefined for other answers. */
export function countKeys({ data }: Answer): number | undefined {
  const found = data?.found;
  const keys = isObject(found) ? found.keys : found;
  return Array.isArray(keys) ? keys.length : undefined;
}

type Question = { readonly operationName: string; readonly query: string };

const keysOf = ({ name, filter }: KeptList): Question => ({
  operationName: `${name}Keys`,
  query: `query ${name}Keys($filter: ${filter}, $negated: Boolean! = false, $repeated: Boolean! = false, $besides: ${filter}, ${wantedVariables}) { found: _${name}Keys(filter: $filter, negated: $negated, repeated: $repeated, besides: $besides, ${wantedArguments}) }`,
});

const valuesOf = ({ name, filter, order }: KeptList): Question => ({
  operationName: `${name}Values`,
  query: `query ${name}Values($order: ${order}!, $besides: ${filter}, ${wantedVariables}) { found: _${name}Values(order: $order, besides: $besides, ${wantedArguments}) { type keys values } }`,
});

const groupsOf = ({ name, filter, groupBy }: KeptList): Question => ({
  operationName: `${name}Groups`,
  query: `query ${name}Groups($by: ${groupBy}!, $besides: ${filter}, ${wantedVariables}) { found: _${name}Groups(by: $by, besides: $besides, ${wantedArguments}) { type keys values } }`,
});

const windowOf = ({ name, filter, order }: KeptList): Question => ({
  operationName: `${name}Window`,
  query: `query ${name}Window($filter: ${filter}, $orderBy: [${order}!], $cursor: String, $backward: Boolean!, $first: Int!) { found: _${name}Window(filter: $filter, orderBy: $orderBy, cursor: $cursor, backward: $backward, first: $first) { keys endCursor } }`,
});

const wantedVariables = '$link: String, $to: String, $among: [ID!], $first: Int!';
const wantedArguments = 'link: $link, to: $to, among: $among, first: $first';
