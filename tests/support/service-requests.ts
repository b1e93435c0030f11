import type { HubOptions } from './hub.ts';
import { type ChangedObject, type Input, startWorkflowHub, type Who } from './workflow-hub.ts';

export type { Official } from './workflow-hub.ts';

/** A request as the test reads it after a change. */
export type ChangedRequest = ChangedObject & {
  readonly history: readonly { readonly action: string | null }[];
};

/** Starts a hub with its own rows, in which callers change service requests over the graph. */
export async function startHubWithRequests(
  options: Partial<Pick<HubOptions, 'audit' | 'deadlines' | 'keys' | 'log'>> = {},
) {
  const hub = await startWorkflowHub({
    ...options,
    object: 'serviceRequest',
    list: 'serviceRequests',
    selection: 'answerZh responsible { id } history { action }',
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
      ('x-handler', '承办单位', 'Handler', 'DEPARTMENT', '370212'),
      ('x-helper', '会办单位', 'Helper', 'DEPARTMENT', '370212'),
      ('x-publicity', '宣传部', 'Publicity', 'DEPARTMENT', '370212')`,
  });
  const change = async (who: Who, mutation: string, input: Input) =>
    (await hub.change(who, mutation, input)) as ChangedRequest;
  return {
    ...hub,
    change,
    advance: (who: Who, id: string, version: number, action: string, more: Input = {}) =>
      change(who, 'advanceServiceRequest', { id, version, action, ...more }),
    eventsOf: (id: string) => hub.eventsOf('policies', id),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}
