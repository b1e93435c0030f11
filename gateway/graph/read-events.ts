import { isObject } from '../lib/json.ts';
import type { GraphManager } from './graph-manager.ts';

const query = `query ($types: [String!]!, $after: String, $first: Int!) {
  _changes(types: $types, after: $after, first: $first) { cursor type id action stage version regionCode at }
}`;

/** Reads a page of an agency's outbox, as the hub itself. Rejects if the agency does not answer. */
export const readEventsIn =
  (opened: Promise<GraphManager>) =>
  async <Event>(
    { agency, type }: { readonly agency: string; readonly type: string },
    after: string | undefined,
    first: number,
  ): Promise<readonly Event[]> => {
    const subgraph = (await opened).current.subgraphs.get(agency);
    if (!subgraph) throw new Error(`The graph has no subgraph "${agency}".`);
    const context = {
      requestId: 'gateway',
      headers: new Map<string, string>(),
      caller: { kind: 'system' },
    } as const;
    const variables = { types: [type], after, first };
    const { data, errors = [] } = await subgraph({ kind: 'query', query, variables }, context);
    if (errors[0] || !isObject(data) || !Array.isArray(data._changes)) {
      throw new Error(errors[0]?.message ?? `Subgraph "${agency}" has no outbox.`);
    }
    return data._changes;
  };
