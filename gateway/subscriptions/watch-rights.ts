import { HubError } from '@wenshu/schema/errors.ts';
import type { Incoming } from '../http/incoming.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { Admitted } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import type { SharedStream } from './shared-stream.ts';
import type { Subscriber } from './subscriber.ts';

/** Rights that change narrow or end a stream within this time, twice: in milliseconds. */
const everyMs = 400;

export type WatchOptions = {
  readonly streams: ReadonlySet<SharedStream>;
  /** Admits the credentials of a subscriber again; undefined where nobody authenticates. */
  readonly admitAgain: ((incoming: Incoming) => MaybePromise<Admitted>) | undefined;
  /** Subscribes again for a subscriber whose caller has other rights of its own now. */
  readonly resubscribe: (stream: SharedStream, subscriber: Subscriber, admitted: Admitted) => Promise<void>;
  readonly onError: (cause: unknown) => void;
};

/**
 * Looks at the rights of all streams a few times a second: each credential once, whoever uses it, and each caller's policy once for each
 * operation. An event is also answered with the rights of its moment.
 */
export function watchRights(options: WatchOptions): Disposable {
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      await admitAll(options);
      await renewMoved(options.streams);
    } catch (cause) {
      options.onError(cause);
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Admits each credential again. Ends the streams of one that is no longer admitted. */
async function admitAll({ streams, admitAgain, resubscribe }: WatchOptions): Promise<void> {
  if (!admitAgain) return;
  const known = new Map<string, MaybePromise<Admitted | Refusal>>();
  const admit = async (incoming: Incoming): Promise<Admitted | Refusal> => {
    try {
      return await admitAgain(incoming);
    } catch (cause) {
      if (cause instanceof Refusal) return cause;
      throw cause;
    }
  };
  for (const stream of [...streams]) {
    for (const subscriber of [...stream.subscribers]) {
      const { incoming } = subscriber;
      const credential = credentialOf(incoming);
      let admitted = known.get(credential);
      if (!admitted) {
        admitted = await admit(incoming);
        known.set(credential, admitted);
      }
      const outcome = await admitted;
      if (outcome instanceof HubError) {
        // A fault of the identity provider is not the caller's.
        if (outcome.code !== 'IDENTITY_UNAVAILABLE') subscriber.end(outcome);
      } else if (isOther(outcome, incoming.admitted)) await resubscribe(stream, subscriber, outcome);
    }
  }
}

/** Headers that say who asks. */
const credentialNames = ['authorization', 'x-api-key', 'cookie'];

const credentialOf = ({ clientAddress, headers }: Incoming): string =>
  JSON.stringify([clientAddress, ...credentialNames.map((name) => headers.get(name))]);

const isOther = ({ caller }: Admitted, before: Admitted | undefined): boolean =>
  caller !== before?.caller && JSON.stringify(caller) !== JSON.stringify(before?.caller);

/** Opens the sources anew of streams whose rights have changed. */
async function renewMoved(streams: ReadonlySet<SharedStream>): Promise<void> {
  const isMoved = new Map<string, boolean>();
  for (const stream of [...streams]) {
    const { documentKey, context } = stream.opened.request;
    // What changes for one stream of a caller changes for the others of the same operation.
    const group = `${documentKey}\n${JSON.stringify(context.caller)}\n${JSON.stringify(context.purposeOfUse)}\n${stream.rights}`;
    const moved = isMoved.get(group) ?? stream.hasOtherRights();
    isMoved.set(group, moved);
    if (moved) await stream.renew();
  }
}
