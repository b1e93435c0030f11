import { SubgraphFailure } from './errors.ts';
import type { Answer, Run } from './run.ts';

type Asked = Promise<Answer | SubgraphFailure>;

/** Asks, or waits for the same question that is under way for a caller with the same rights. */
export type ShareCall = (run: Run, subgraph: string, question: string, ask: () => Asked) => Asked;

/** The calls of one fetch of a plan that are under way. Only for queries: a mutation is asked as often as it is sent. */
export function createSharedCalls(): ShareCall {
  const underWay = new Map<string, Asked>();
  return (run, subgraph, question, ask) => {
    const rights = run.sharingWith(subgraph);
    if (rights === undefined) return ask();
    const key = `${rights}\n${question}`;
    const known = underWay.get(key);
    // The caller who asked first may run out of time before those who joined.
    if (known) return known.then((answer) => (isOutOfTime(answer) ? ask() : answer));
    const asked = ask().finally(() => underWay.delete(key));
    underWay.set(key, asked);
    return asked;
  };
}

const isOutOfTime = (answer: Answer | SubgraphFailure) =>
  answer instanceof SubgraphFailure && answer.kind === 'out-of-time';
