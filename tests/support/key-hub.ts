import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Credentials, Verify } from '@wenshu/gateway/admission/authenticate.ts';
import { limitFailedAuth } from '@wenshu/gateway/admission/failed-auth-limit.ts';
import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import type { ControlDatabase } from '@wenshu/gateway/control/open.ts';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import type { Caller, Department, DepartmentCaller, Role } from '@wenshu/schema/caller.ts';
import { subgraphSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { buildSchema } from 'graphql';
import { createHubDatabase, type TestDatabase } from './database.ts';
import { type Answer, openControlPlane, withKeys } from './hub.ts';

const supergraphSdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');

/** Fields of the control plane. */
export const fieldsOfHub: ReadonlySet<string> = new Set(
  Object.keys(buildSchema(subgraphSdl('hub'), { assumeValid: true }).getQueryType()?.getFields() ?? {}),
);

export interface KeyHubOptions {
  readonly calendarFile?: string;
  readonly audit?: AuditLog;
}

export interface KeyHub extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly hub: ControlDatabase;
  /** Asks the gateway over HTTP: as somebody of a department, or with headers such as those of a key. */
  ask(
    who: Caller | Record<string, string>,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Answer>;
}

export const somebody = (department: Department, role: Role): DepartmentCaller => ({
  kind: 'department',
  department,
  role,
  user: `${department.toLowerCase()}-${role}`,
});

/** Starts a gateway over the control plane only, in a database of its own. */
export async function startKeyHub({ calendarFile, audit }: KeyHubOptions = {}): Promise<KeyHub> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createHubDatabase());
  const hub = await openControlPlane(database.urls.hub, { audit, calendarFile });
  starting.defer(() => hub.close());

  const callers = new Map<string, Caller>();
  const byName: Verify = async ({ headers }) => callers.get(headers.get('x-test-caller') ?? '');
  const gateway = await createGateway({
    supergraphSdl,
    subgraphs: (name) => (name === 'hub' ? hub.subgraph.execute : undefined),
    ...withKeys(hub, { others: [byName] }),
    audit,
  });
  starting.defer(() => gateway.stop());
  const { port } = await gateway.listen(0, '127.0.0.1');
  const running = starting.move();
  return {
    database,
    hub,
    async ask(who, query, variables = {}) {
      const id = JSON.stringify(who);
      const isCaller = (given: object): given is Caller => 'kind' in given;
      if (isCaller(who)) callers.set(id, who);
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          connection: 'close',
          ...(isCaller(who) ? { 'x-test-caller': id } : who),
        },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Returns the credentials of a request with this key and address. */
export const arrivingWith = (
  key: string,
  address = '192.0.2.1',
  failedAuth = limitFailedAuth(),
): Credentials => ({ headers: new Map([['x-api-key', key]]), address, bearer: undefined, failedAuth });

/** Adds a checksum. It keeps typing errors from the database, but no attacker, because anybody can compute it. */
export function withChecksum(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let text = '';
  for (let rest = crc32(body); text.length < 6; rest = Math.floor(rest / 62)) text = digits[rest % 62] + text;
  return body + text;
}
