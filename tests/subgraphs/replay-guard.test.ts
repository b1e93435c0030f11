import { createReplayGuard } from '@wenshu/kit/replay-guard.ts';
import { expect, test } from 'vitest';

/** A guard whose clock the test sets, in seconds. */
function startAt(start: number, capacity?: number) {
  let seconds = start;
  const take = createReplayGuard(capacity, () => seconds * 1000);
  const setClock = (next: number) => {
    seconds = next;
  };
  return { take, setClock };
}

const answeredBefore = 'The call was answered before';

test('a nonce is remembered until its signature has expired by any clock', () => {
  const { take, setClock } = startAt(1_000);
  // Signed where the clock is 30 s ahead: it passes for another minute.
  const call = { created: 1_030, nonce: 'n' };
  take(call);
  for (let now = 1_000; now <= 1_060; now++) {
    setClock(now);
    expect(() => take(call)).toThrow(answeredBefore);
  }
});

test('nonces of different times are distinct, and the same nonce at another time is another call', () => {
  const { take } = startAt(1_000);
  take({ created: 1_000, nonce: 'n' });
  take({ created: 1_029, nonce: 'm' });
  take({ created: 1_030, nonce: 'n' });
  expect(() => take({ created: 1_030, nonce: 'n' })).toThrow(answeredBefore);
});

test('when it is full it refuses what is new, forgets nothing, and has room again when time has passed', () => {
  const { take, setClock } = startAt(1_000, 2);
  take({ created: 1_000, nonce: 'a' });
  take({ created: 1_000, nonce: 'b' });
  expect(() => take({ created: 1_000, nonce: 'c' })).toThrow('cannot remember more calls');
  expect(() => take({ created: 1_000, nonce: 'a' })).toThrow(answeredBefore);
  setClock(1_060);
  take({ created: 1_060, nonce: 'c' });
});
