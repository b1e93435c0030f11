import type { GatewayContext } from '../request/context.ts';
import type { ResponseStep } from './response-step.ts';

/**
 * Removes "Did you mean" from messages for callers who may not query the schema, because it shows names of the schema.
 */
export const hideSuggestions =
  (mayIntrospect: (context: GatewayContext) => boolean): ResponseStep =>
  ({ response: { body }, contextValue }) => {
    if (body.kind !== 'single' || !body.singleResult.errors || mayIntrospect(contextValue)) return;
    body.singleResult.errors = body.singleResult.errors.map((error) => ({
      ...error,
      message: withoutSuggestions(error.message),
    }));
  };

export const withoutSuggestions = (message: string): string => message.replace(/ Did you mean .+\?$/gms, '');
