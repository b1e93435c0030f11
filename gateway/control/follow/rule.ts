import type { Json } from '../../lib/json.ts';
import type { AgencyEvent } from '../../request/agency-events.ts';

/** What follows in one agency from a step in another. */
export type Rule = {
  /** Never renamed: the position of the rule and the keys of its mutations have it. */
  readonly name: string;
  /** The agency's subgraph, and the type and action of its events. */
  readonly on: { readonly agency: string; readonly type: string; readonly action: string };
  /** A query for what the event does not say. Its variables may be `$id` and `$version`, of the event's object. */
  readonly ask?: string;
  readonly mutation: string;
  /** The members of the input beside `key`: a value, or a path such as `$event.id`, `$data.blacklistEntry.enterprise.id` or `$data.list.0.id`. */
  readonly input: Readonly<Record<string, string | number | boolean>>;
};

/** Returns the input of a rule's mutation. A path that leads to nothing is null. */
export const inputOf = ({ name, input, on }: Rule, event: AgencyEvent, data: Json): Json => ({
  ...Object.fromEntries(
    Object.entries(input).map(([member, value]) => [member, resolved(value, { event, data })]),
  ),
  // An event is carried out once for each rule, however often it is read.
  key: `${name}:${on.agency}:${event.cursor}`,
});

function resolved(value: Rule['input'][string], scope: Json): unknown {
  if (typeof value !== 'string' || !value.startsWith('$')) return value;
  return (
    value
      .slice(1)
      .split('.')
      .reduce<unknown>((within, member) => (within as Json | null | undefined)?.[member], scope) ?? null
  );
}
