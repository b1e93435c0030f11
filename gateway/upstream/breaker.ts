import { CircuitState, CountBreaker } from 'cockatiel';
import { type FailureKind, resting, SubgraphFailure } from '../request/errors.ts';
import type { BreakerState } from './subgraph.ts';

/** It opens when more than half of the last 20 calls failed; after a start, of the first 10. */
const openWhen = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };

/** While it is open, one call in so long a time tries: recovery is noticed within a second. */
const trialEveryMs = 500;

type StateListener = (state: BreakerState, before: BreakerState) => void;

/**
 * Leaves a subgraph alone while it fails, but for a call on trial now and then; the first that succeeds ends it.
 * Cockatiel counts, but its own circuit breaker would not do: there, everybody waits for one call on trial,
 * and where that one hangs, nobody notices for the whole time limit that the subgraph is well again.
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

  /** Runs `call`, or throws at once. */
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
    // Forgets what was counted before.
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

/** These say that a subgraph is not well ... */
const outages = new Set<FailureKind>(['unreachable', 'failed', 'unreadable', 'too-slow']);

/** ... and these that it is, if only the question were smaller; the others say nothing. */
const answers = new Set<FailureKind>(['too-large']);
