import { readFileSync } from 'node:fs';
import { apiKeyOf } from '@wenshu/gateway/admission/partners.ts';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { type Hub, openHub } from '@wenshu/gateway/hub/open.ts';
import { silent } from '@wenshu/gateway/log.ts';
import type { Caller, Department, DepartmentCaller, Role } from '@wenshu/schema/caller.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import type { Answer } from './hub.ts';

const supergraphSdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');

export const pepper = 'a pepper for tests of more than 32 characters';

/** Who owns which field, in place of the data catalogue. */
const owners = new Map<string, Department>([
  ['Park.tenants', 'CULTURE_TOURISM'],
  ['Park.vacancy', 'CULTURE_TOURISM'],
  ['Inspection.findings', 'MARKET_REGULATION'],
  ['PartyUnit.nameZh', 'PROPAGANDA'],
]);

export interface KeyHubOptions {
  readonly calendarFile?: string;
  readonly keyPeppers?: readonly string[];
}

export interface KeyHub extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly hub: Hub;
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

/** A gateway over the hub's own part of the graph only, in a database of its own. */
export async function startKeyHub({
  calendarFile,
  keyPeppers = [pepper],
}: KeyHubOptions = {}): Promise<KeyHub> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createDatabase());
  const hub = await openHub({
    url: database.urls.hub,
    config: {
      keyPeppers,
      dataFolder: '/nowhere',
      isProduction: true,
      agreementLimits: { answerDays: 10, extensionDays: 10, deliveryDays: 20 },
      calendarFile,
    },
    ownerOf: (coordinate) => owners.get(coordinate),
    log: silent,
  });
  starting.defer(() => hub.close());

  const callers = new Map<string, Caller>();
  const gateway = await createGateway({
    supergraphSdl,
    subgraphs: (name) => (name === 'hub' ? hub.subgraph.execute : undefined),
    authenticate: async ({ headers }) => {
      const key = apiKeyOf(headers);
      return key
        ? hub.partners.authenticate(key, '192.0.2.1')
        : callers.get(String(headers['x-test-caller']));
    },
    keyUsage: hub.usage,
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
