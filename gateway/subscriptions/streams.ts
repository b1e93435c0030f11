import { getArgumentValues, Kind } from 'graphql';
import { prefersChinese } from '../request/language.ts';
import type { OpenedSubscription } from './open-operation.ts';
import { SharedStream, type StreamOptions } from './shared-stream.ts';
import type { Subscriber } from './subscriber.ts';

/** The open streams of a gateway, by what their subscribers may share. */
export type Streams = {
  /** Adds a subscriber to a stream that gives it the same events, or to a new one. */
  join(subscriber: Subscriber, opened: OpenedSubscription, after: string | undefined): SharedStream;
  readonly all: ReadonlySet<SharedStream>;
};

export function keepStreams(options: StreamOptions): Streams {
  const all = new Set<SharedStream>();
  const byKey = new Map<string, Set<SharedStream>>();
  /** Streams that were opened without a cursor, so that whoever joins them begins now. */
  const live = new WeakSet<SharedStream>();
  const keys = new WeakMap<object, number>();
  let schemas = 0;

  const keyOf = ({ request, source }: OpenedSubscription): string => {
    const { schema, documentKey, operationName, variables, context } = request;
    if (!keys.has(schema)) keys.set(schema, schemas++);
    const { purposeOfUse, isStrict, headers } = context;
    return JSON.stringify([
      keys.get(schema),
      documentKey,
      operationName,
      variables,
      source.rights,
      purposeOfUse,
      isStrict,
      prefersChinese(headers),
    ]);
  };

  function open(key: string, opened: OpenedSubscription, after: string | undefined): SharedStream {
    const streams = byKey.get(key) ?? new Set();
    const stream: SharedStream = new SharedStream(opened, after, options, () => {
      all.delete(stream);
      streams.delete(stream);
      if (streams.size === 0 && byKey.get(key) === streams) byKey.delete(key);
    });
    if (after === undefined) live.add(stream);
    all.add(stream);
    streams.add(stream);
    byKey.set(key, streams);
    return stream;
  }

  return {
    all,
    join(subscriber, opened, after) {
      const key = keyOf(opened);
      const fits = (stream: SharedStream) =>
        stream.rights === opened.source.rights &&
        (after === undefined ? live.has(stream) : stream.position === after);
      const known = beginsWithValue(opened) ? undefined : [...(byKey.get(key) ?? [])].find(fits);
      const stream = known ?? open(key, opened, after);
      stream.add(subscriber);
      return stream;
    },
  };
}

/** Whether the first event is the present value, which everybody who joins needs for himself. */
function beginsWithValue({ operation, request: { schema, variables } }: OpenedSubscription): boolean {
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return true;
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  return definition !== undefined && getArgumentValues(definition, field, variables).includeInitial === true;
}
