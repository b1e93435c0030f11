import type { TestSubgraph } from './federation.ts';

/** A subgraph whose parks change when the test says so. An event stands at its number in the log, and `opened` has where each stream began. */
export function parksThatChange() {
  const log: { id: string; name: string }[] = [];
  let wake = Promise.withResolvers<void>();
  let breaking = Promise.withResolvers<never>();
  breaking.promise.catch(() => {});
  const opened: (string | undefined)[] = [];
  const subgraph: TestSubgraph = {
    sdl: `
      type Query { parks: [Park!] }
      type Subscription { parkChanged(id: ID): Park }
      type Park @key(fields: "id") { id: ID! name: String }
    `,
    resolvers: {
      Subscription: {
        parkChanged: {
          async *subscribe(
            _root: unknown,
            { id }: { id?: string },
            { after, signal, note }: { after?: string; signal: AbortSignal; note(position: string): void },
          ) {
            opened.push(after);
            const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
            for (let at = after === undefined ? log.length : Number(after); !signal.aborted; at++) {
              while (at >= log.length && !signal.aborted) {
                await Promise.race([wake.promise, left, breaking.promise]);
              }
              const park = log[at];
              if (!park || (id !== undefined && park.id !== id)) continue;
              note(String(at + 1));
              yield { parkChanged: park };
            }
          },
        },
      },
    },
  };
  return {
    subgraph,
    opened,
    change(id: string, name: string) {
      log.push({ id, name });
      wake.resolve();
      wake = Promise.withResolvers();
    },
    /** Breaks all streams. */
    break() {
      breaking.reject(new Error('broken'));
      breaking = Promise.withResolvers();
      breaking.promise.catch(() => {});
    },
  };
}
