import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import type { Official } from './callers.ts';
import { type Answer, type HubOptions, startHub } from './hub.ts';
import { ask as sql } from './sql.ts';

export type { Official };

type Who = Official | Partial<PartnerCaller>;
type Input = Readonly<Record<string, unknown>>;

/** A request as the test reads it after a change. */
export type ChangedRequest = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly dueOn: string | null;
  readonly history: readonly { readonly action: string | null }[];
  readonly isReplay: boolean;
  readonly step: number;
};

/** Details of a refusal. */
export type RefusedChange = {
  readonly code?: string;
  readonly problems?: readonly { readonly path: string; readonly code: string }[];
} & Readonly<Record<string, unknown>>;

const selection = `serviceRequest {
  id stage version dueOn answerZh responsible { id } history { action }
} step isReplay`;

const inputTypeOf: Readonly<Record<string, string>> = {
  requestCoHandling: 'RequestCoHandlingInput',
};

const inputType = (mutation: string) =>
  inputTypeOf[mutation] ?? `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;

/** Starts a hub with its own rows, in which callers change service requests over the graph. */
export async function startHubWithRequests(options: Partial<Pick<HubOptions, 'audit'>> = {}) {
  const hub = await startHub({
    ...options,
    ownRows: true,
    callers: true,
    prepare: ({ adminUrl }) =>
      sql(
        adminUrl,
        `insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
           ('x-handler', '承办单位', 'Handler', 'DEPARTMENT', '370212'),
           ('x-helper', '会办单位', 'Helper', 'DEPARTMENT', '370212'),
           ('x-publicity', '宣传部', 'Publicity', 'DEPARTMENT', '370212')`,
      ),
  });
  let keys = 0;

  async function send(who: Who, mutation: string, input: Input): Promise<Answer> {
    const document = `mutation ($input: ${inputType(mutation)}!) { ${mutation}(input: $input) { ${selection} } }`;
    return hub.as(who).ask(document, { input: { key: `key-${keys++}`, ...input } });
  }

  async function attempt(who: Who, mutation: string, input: Input): Promise<RefusedChange> {
    const { errors = [] } = await send(who, mutation, input);
    return errors[0]?.extensions ?? {};
  }

  async function change(who: Who, mutation: string, input: Input): Promise<ChangedRequest> {
    const { data, errors } = await send(who, mutation, input);
    const payload = data?.[mutation] as
      | {
          serviceRequest: Omit<ChangedRequest, 'step' | 'isReplay'>;
          step: ChangedRequest['step'];
          isReplay: boolean;
        }
      | null
      | undefined;
    if (!payload || errors) throw new Error(JSON.stringify(errors));
    const { serviceRequest, step, isReplay } = payload;
    return { ...serviceRequest, step, isReplay };
  }

  return {
    change,
    attempt,
    advance: (who: Who, id: string, version: number, action: string, more: Input = {}) =>
      change(who, 'advanceServiceRequest', { id, version, action, ...more }),
    /** Returns the details of the refusal of a change. Throws if it is carried out. */
    async refusal(who: Who, mutation: string, input: Input): Promise<RefusedChange> {
      const refused = await attempt(who, mutation, input);
      if (!refused.code) throw new Error(`${mutation} was carried out.`);
      return refused;
    },
    async allowed(who: Who, id: string): Promise<unknown> {
      const { data } = await hub
        .as(who)
        .ask('query ($id: ID!) { serviceRequest(id: $id) { allowedActions } }', { id });
      return (data?.serviceRequest as { allowedActions: unknown } | null)?.allowedActions;
    },
    /** Returns the allowed actions of all requests that a caller sees, by stage. */
    async allowedOfAll(who: Who): Promise<ReadonlyMap<string, unknown>> {
      const query = '{ serviceRequests(first: 100) { nodes { stage allowedActions } } }';
      const { data } = await hub.as(who).ask(query);
      const { nodes = [] } = (data?.serviceRequests ?? {}) as {
        nodes?: { stage: string; allowedActions: unknown }[];
      };
      return new Map(nodes.map(({ stage, allowedActions }) => [stage, allowedActions]));
    },
    /** Returns the versions in the events about an object, in their order. */
    async eventsOf(id: string): Promise<readonly number[]> {
      const rows = await sql(
        hub.database.adminUrl,
        `select version from policies.changes where object_id = '${id}' order by transaction, seq`,
      );
      return rows.map(({ version }) => version as number);
    },
    sql: (statement: string) => sql(hub.database.adminUrl, statement),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}
