import type { Caller } from '@wenshu/schema/caller.ts';
import { isObject } from '../lib/json.ts';
import { readWritable } from '../supergraph/writable.ts';
import type { GraphManager } from './graph-manager.ts';

/** Asks an agency what a mutation of this author with this key did; null if it did nothing. Rejects without an answer. */
export type AskOutcome = (
  change: string,
  author: Caller,
  key: string,
) => Promise<{ readonly id: string } | null>;

const query = 'query ($key: ID!) { _outcome(key: $key) { id } }';

/** Creates the function that asks agencies, each by a call that is signed for the author of the change. */
export const askOutcomeIn =
  (graphs: GraphManager): AskOutcome =>
  async (change, author, key) => {
    const { supergraph, subgraphs } = graphs.current;
    const name = readWritable(supergraph.document).get(change)?.subgraph ?? '';
    const subgraph = subgraphs.get(name);
    if (!subgraph) throw new Error(`No subgraph makes the change ${change}.`);
    const context = { requestId: 'gateway', headers: new Map<string, string>(), caller: author };
    const { data, errors = [] } = await subgraph({ kind: 'query', query, variables: { key } }, context);
    if (errors[0] || !isObject(data)) throw new Error(errors[0]?.message ?? 'There was no answer.');
    const { _outcome: outcome } = data;
    return isObject(outcome) ? { id: String(outcome.id) } : null;
  };
