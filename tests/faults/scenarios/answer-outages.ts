import type { Fault } from '../fault-proxy.ts';
import { hanging, type Outage } from '../outage.ts';

/** What the subgraph `party` does to its callers, by way of the proxy before it. */
const party = (name: string, fault: Fault, more: Partial<Outage> = {}): Outage => ({
  name,
  victims: ['party'],
  begin: ({ partyProxy }) => {
    partyProxy.fault = fault;
  },
  end: ({ partyProxy }) => {
    partyProxy.fault = { kind: 'none' };
  },
  holdMs: 3_000,
  recoveryMostMs: 1_000,
  opensBreaker: true,
  ...more,
});

export const slow = party('answers too late', { kind: 'slow', delayMs: 4_000 }, hanging);
export const resetting = party('resets connections', { kind: 'reset' });
export const truncated = party('truncated answer', { kind: 'truncated' });
export const notJson = party('answer that is not JSON', { kind: 'not JSON' });

/** The answer to another question may be small enough, so the gateway goes on asking; what counts is its memory. */
export const large = party(
  'answer of 50 MB',
  { kind: 'large', bytes: 50 * 1024 * 1024 },
  { opensBreaker: false, connections: 16 },
);

/** Bad data in good form: the call succeeded, so the gateway goes on calling. */
const wellFormed = { opensBreaker: false, holdMs: 2_000 };

export const tooFewEntities = party(
  'wrong entity count',
  { kind: 'entities', change: (entities) => entities.slice(1) },
  wellFormed,
);

/** A subgraph that tells which entity each is, as one that answers out of order must. */
export const misorderedEntities = party(
  'entities in the wrong order',
  {
    kind: 'entities',
    change: (entities, asked) => {
      const named = entities.map((entity, index) => entity && { ...entity, id: asked[index]?.id });
      return [...named.slice(1), ...named.slice(0, 1)];
    },
  },
  wellFormed,
);

export const entitiesOfAnotherType = party(
  'entities of another __typename',
  {
    kind: 'entities',
    change: (entities) => entities.map((entity) => entity && { ...entity, __typename: 'Enterprise' }),
  },
  wellFormed,
);
