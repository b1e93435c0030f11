import type { TestSubgraph } from './federation.ts';

/** A subgraph that counts from a position on, up to three. */
export const counting: TestSubgraph = {
  sdl: 'type Query { none: Int } type Mutation { add: Int } type Subscription { count(from: Int = 0): Int }',
  resolvers: {
    Mutation: { add: () => 4 },
    Subscription: {
      count: {
        async *subscribe(
          _root: unknown,
          { from }: { from: number },
          { after, note }: { after?: string; note(position: string): void },
        ) {
          for (let at = Number(after ?? from) + 1; at <= 3; at++) {
            note(String(at));
            yield { count: at };
          }
        },
      },
    },
  },
};
