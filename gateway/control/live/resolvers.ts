import type { Context } from '@wenshu/kit/context.ts';
import type { Positioned } from '@wenshu/kit/positioned.ts';
import type { Resolvers } from '../schema-types.ts';
import { followChanges, type LiveRules } from './follow-changes.ts';

/** Creates the resolvers of the subscriptions to the agencies' events. */
export const liveFields = (rules: LiveRules): Resolvers['Subscription'] => ({
  changes: { subscribe: (_root, args, context) => followChanges(rules, context, args) },
  myTaskChanged: {
    subscribe: (_root, { type, synthetic }, context) =>
      followChanges(rules, context, {
        types: type ? [type] : null,
        mine: true,
        synthetic: synthetic ?? null,
      }),
  },
  serviceRequestChanged: {
    subscribe: (_root, args, context) => followServiceRequest(rules, context, args),
  },
});

/** Follows one service request: each time it changes, it is given anew. */
async function* followServiceRequest(
  rules: LiveRules,
  context: Context,
  { id, includeInitial }: { readonly id: string; readonly includeInitial: boolean },
): AsyncGenerator<Positioned<{ readonly id: string }>> {
  const args = { types: ['SERVICE_REQUEST'], mine: false } as const;
  const isThis = (event: { readonly id: string }) => event.id === id;
  let isFirst = includeInitial && context.after === undefined;
  for await (const { position, value } of followChanges(rules, context, args, isThis)) {
    if (isFirst) yield { position, value: { id } };
    else if (value && !isThis(value)) yield { position };
    else yield { position, ...(value && { value: { id } }) };
    isFirst = false;
  }
}
