import { abandoned, SubgraphFailure } from '../request/errors.ts';
import type { Answer } from '../upstream/subgraph.ts';
import type { Run } from './run.ts';

type Asked = Promise<Answer | SubgraphFailure>;

/** Calls a subgraph. The call is cancelled when `signal` aborts. */
type Ask = (signal: AbortSignal | undefined) => Asked;

/** Makes a call, or joins the same call in progress for a caller with the same access policy. */
export type ShareCall = (run: Run, subgraph: string, question: string, ask: Ask) => Asked;

/**
 * Creates the shared calls of one fetch of a plan. Only queries share: a mutation is sent as often as it is requested.
 */
export function createSharedCalls(): ShareCall {
  const underWay = new Map<string, SharedCall>();
  return (run, subgraph, question, ask) => {
    const accessKey = run.sharingWith(subgraph);
    if (accessKey === undefined || run.signal?.aborted) return ask(run.signal);
    const key = `${accessKey}\n${question}`;
    const known = underWay.get(key);
    if (known && !known.isGivenUp) {
      // The first caller may run out of time before those who joined.
      return known.join(run.signal).then((answer) => (isOutOfTime(answer) ? ask(run.signal) : answer));
    }
    const call = new SharedCall(subgraph, (signal) => ask(signal).finally(() => underWay.delete(key)));
    underWay.set(key, call);
    return call.join(run.signal);
  };
}

/** A call that continues while anybody waits for it, whoever started it. */
class SharedCall {
  readonly #subgraph: string;
  readonly #controller = new AbortController();
  readonly #asked: Asked;
  #waiting = 0;

  constructor(subgraph: string, ask: Ask) {
    this.#subgraph = subgraph;
    this.#asked = ask(this.#controller.signal);
  }

  get isGivenUp(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Resolves to the answer, or to a failure as soon as `signal` aborts. */
  join(signal: AbortSignal | undefined): Asked {
    this.#waiting += 1;
    if (!signal) return this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<Answer | SubgraphFailure>();
    const leave = () => {
      resolve(abandoned(this.#subgraph));
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#controller.abort();
    };
    signal.addEventListener('abort', leave);
    void this.#asked.then(resolve, reject).then(() => signal.removeEventListener('abort', leave));
    return promise;
  }
}

const isOutOfTime = (answer: Answer | SubgraphFailure) =>
  answer instanceof SubgraphFailure && answer.kind === 'out-of-time';
