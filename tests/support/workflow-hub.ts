import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import type { Official } from './callers.ts';
import type { TestDatabase } from './database.ts';
import { type Answer, type HubOptions, startHub } from './hub.ts';
import { poll } from './poll.ts';
import { ask as sql } from './sql.ts';

export type { Official };

export type Who = Official | Partial<PartnerCaller>;
export type Input = Readonly<Record<string, unknown>>;

/** An object as a test reads it after a change. */
export type ChangedObject = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly dueOn: string | null;
  readonly isReplay: boolean;
  readonly step: number;
} & Readonly<Record<string, unknown>>;

/** Details of a refusal. */
export type RefusedChange = {
  readonly code?: string;
  readonly problems?: readonly { readonly path: string; readonly code: string }[];
} & Readonly<Record<string, unknown>>;

export type WorkflowHubOptions = Partial<
  Pick<HubOptions, 'audit' | 'deadlines' | 'keys' | 'log' | 'onCall'>
> & {
  /** The field of a payload that holds the object, such as `serviceRequest`; it is also the field that finds one by id. */
  readonly object: string;
  /** What is read of the object, beside what every object has. */
  readonly selection: string;
  /** The list of the objects. */
  readonly list: string;
  /** Mutations whose payload holds another object, by name: its field, and what is read of it. */
  readonly others?: Readonly<Record<string, { readonly object: string; readonly selection: string }>>;
  /** SQL that prepares the rows. */
  readonly rows?: string;
};

/** Starts a hub with its own rows, in which callers carry out a workflow over the graph. */
export async function startWorkflowHub({
  object,
  selection,
  list,
  rows,
  others = {},
  ...options
}: WorkflowHubOptions) {
  const hub = await startHub({
    ...options,
    ownRows: true,
    callers: true,
    ...(rows !== undefined && { prepare: ({ adminUrl }: TestDatabase) => sql(adminUrl, rows) }),
  });
  let keys = 0;

  const changedBy = (mutation: string) => others[mutation] ?? { object, selection };

  async function send(who: Who, mutation: string, input: Input): Promise<Answer> {
    const changed = changedBy(mutation);
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) {
      ${mutation}(input: $input) { ${changed.object} { id stage version dueOn ${changed.selection} } step isReplay }
    }`;
    return hub.as(who).ask(document, { input: { key: `key-${keys++}`, ...input } });
  }

  async function attempt(who: Who, mutation: string, input: Input): Promise<RefusedChange> {
    const { errors = [] } = await send(who, mutation, input);
    return errors[0]?.extensions ?? {};
  }

  return {
    hub,
    attempt,
    /** Carries out a change; throws if it is refused. */
    async change(who: Who, mutation: string, input: Input): Promise<ChangedObject> {
      const { data, errors } = await send(who, mutation, input);
      const payload = data?.[mutation] as Record<string, unknown> | null | undefined;
      if (!payload || errors) throw new Error(JSON.stringify(errors));
      const { [changedBy(mutation).object]: changed, step, isReplay } = payload;
      return { ...(changed as object), step, isReplay } as ChangedObject;
    },
    /** Returns the details of the refusal of a change. Throws if it is carried out. */
    async refusal(who: Who, mutation: string, input: Input): Promise<RefusedChange> {
      const refused = await attempt(who, mutation, input);
      if (!refused.code) throw new Error(`${mutation} was carried out.`);
      return refused;
    },
    async allowed(who: Who, id: string): Promise<unknown> {
      const { data } = await hub
        .as(who)
        .ask(`query ($id: ID!) { ${object}(id: $id) { allowedActions } }`, { id });
      return (data?.[object] as { allowedActions: unknown } | null)?.allowedActions;
    },
    /** Returns the allowed actions of all objects that a caller sees, by stage. */
    async allowedOfAll(who: Who): Promise<ReadonlyMap<string, unknown>> {
      const { data } = await hub.as(who).ask(`{ ${list}(first: 100) { nodes { stage allowedActions } } }`);
      const { nodes = [] } = (data?.[list] ?? {}) as {
        nodes?: { stage: string; allowedActions: unknown }[];
      };
      return new Map(nodes.map(({ stage, allowedActions }) => [stage, allowedActions]));
    },
    /** Returns the versions in the events about an object in the outbox of an agency, in their order. */
    async eventsOf(agency: string, id: string): Promise<readonly number[]> {
      const events = await sql(
        hub.database.adminUrl,
        `select version from ${agency}.changes where object_id = '${id}' order by transaction, seq`,
      );
      return events.map(({ version }) => version as number);
    },
    /** Returns the actions in the events of an object that a caller reads, once the last committed event can be read. */
    async eventsReadBy(who: Who, agency: string, id: string): Promise<readonly string[]> {
      await poll(async () => {
        const [row] = await sql(
          hub.database.adminUrl,
          `select pg_snapshot_xmin(pg_current_snapshot()) > transaction as is_settled
            from ${agency}.changes order by transaction desc limit 1`,
        );
        return row?.is_settled === true || undefined;
      });
      const { data, errors } = await hub.as(who).ask('{ changes(first: 500) { nodes { id action } } }');
      if (errors || !data) throw new Error(JSON.stringify(errors));
      const { nodes } = data.changes as { nodes: readonly { id: string; action: string }[] };
      return nodes.filter((event) => event.id === id).map(({ action }) => action);
    },
    sql: (statement: string) => sql(hub.database.adminUrl, statement),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

export type WorkflowHub = Awaited<ReturnType<typeof startWorkflowHub>>;
