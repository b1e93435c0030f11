import { CircuitState, CountBreaker } from 'cockatiel';
import { type FailureKind, resting, SubgraphFailure } from '../request/errors.ts';
import type { BreakerState } from './subgraph.ts';

/** The breaker opens when more than half of the last 20 calls failed; after a start, of the first 10. */
const openWhen = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };

/** The interval at which an open breaker lets one trial call through, so that a recovery is noticed within a second. */
const trialEveryMs = 500;

type StateListener = (state: BreakerState, before: BreakerState) => void;

/**
 * A circuit breaker. It blocks calls while a subgraph fails, except for a trial call at intervals; the first trial
 * that succeeds closes it. It counts with Cockatiel, but not with Cockatiel's circuit breaker: there every call waits
 * for one trial call, and if that hangs, the recovery is noticed only after the whole time limit.
 */
export class Breaker {
  readonly #subgraph: string;
  readonly #onStateChange: StateListener;
  readonly #results = new CountBreaker(openWhen);
  #state: BreakerState = 'closed';
  #trials = 0;
  #nextTrialAt = 0;

  constructor(subgraph: string, onStateChange: StateListener) {
    this.#subgraph = subgraph;
    this.#onStateChange = onStateChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Runs `call`; throws at once while the breaker is open. */
  async execute<T>(call: () => Promise<T>): Promise<T> {
    const isTrial = this.#state !== 'closed';
    if (isTrial) this.#admitTrial();
    try {
      const answer = await call();
      this.#settle(isTrial, undefined);
      return answer;
    } catch (error) {
      this.#settle(isTrial, error instanceof SubgraphFailure ? error.kind : 'failed');
      throw error;
    }
  }

  #admitTrial() {
    const now = performance.now();
    if (now < this.#nextTrialAt) throw resting(this.#subgraph);
    this.#nextTrialAt = now + trialEveryMs;
    this.#trials += 1;
    this.#become('half-open');
  }

  #settle(isTrial: boolean, failure: FailureKind | undefined) {
    const isWell = failure === undefined || answers.has(failure);
    if (isTrial) this.#trials -= 1;
    if (this.#state === 'closed') {
      if (isWell) this.#results.success(CircuitState.Closed);
      else if (outages.has(failure) && this.#results.failure(CircuitState.Closed)) this.#open();
    } else if (isTrial) {
      if (isWell) this.#close();
      else if (this.#trials === 0) this.#become('open');
    }
  }

  #open() {
    this.#nextTrialAt = performance.now() + trialEveryMs;
    this.#become('open');
  }

  #close() {
    // Clears the counts.
    this.#results.success(CircuitState.HalfOpen);
    this.#become('closed');
  }

  #become(state: BreakerState) {
    const before = this.#state;
    if (state === before) return;
    this.#state = state;
    this.#onStateChange(state, before);
  }
}

/** Failures that show that a subgraph is not well. */
const outages = new Set<FailureKind>(['unreachable', 'failed', 'unreadable', 'too-slow']);

/** Failures of a healthy subgraph, for example a question that is too large. The remaining kinds show nothing. */
const answers = new Set<FailureKind>(['too-large']);
