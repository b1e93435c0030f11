import type { GatewayContext } from '../request/context.ts';
import type { ResponseStep } from './response-step.ts';

/** Who may not ask for the schema is not told of it by way of "Did you mean" either. */
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
