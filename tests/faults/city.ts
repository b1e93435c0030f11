import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { SubgraphUrls } from '@wenshu/migrations/migrate.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { keyText } from '../support/signing.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { keyId, learnQuestions, type Questions } from './questions.ts';
import { startWenshu, type WenshuProcess } from './wenshu-process.ts';

/** The five subgraphs, each a process, and as many gateways before them as scenarios start. */
export interface City extends AsyncDisposable {
  readonly agencies: ReadonlyMap<SubgraphName, Agency>;
  /** Through which gateways reach the subgraph `party`. They reach the others directly. */
  readonly partyProxy: FaultProxy;
  readonly questions: Questions;
  startGateway(options?: GatewayOptions): Promise<WenshuProcess>;
  /** Processes that ended although nobody meant them to, in the words of each. */
  readonly crashes: readonly string[];
}

export interface GatewayOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly supergraphFile?: string;
}

/** A subgraph that keeps its address when its process ends and another takes its place. */
export interface Agency {
  readonly origin: string;
  readonly process: WenshuProcess;
  /** Starts it anew where it was; resolves when it answers. */
  restart(): Promise<void>;
}

const keys = { SUBGRAPH_KEYS: keyText(keyId) };

export const supergraphFile = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));

/** Who asks makes no difference to what fails; access control cannot be off in production. */
const forEverybody = { NODE_ENV: 'development', ACCESS: '0' };

export async function startCity(databaseUrls: SubgraphUrls): Promise<City> {
  await using opening = new AsyncDisposableStack();
  const crashes: string[] = [];
  const onCrash = (what: string) => void crashes.push(what);
  const data = opening.use(await createDataFolder());

  const agencies = new Map(
    await Promise.all(
      subgraphNames.map(async (name) => {
        const agency = await startAgency(name, databaseUrls[name], onCrash);
        opening.defer(() => agency.process[Symbol.asyncDispose]());
        return [name, agency] as const;
      }),
    ),
  );
  const origins = new Map([...agencies].map(([name, { origin }]) => [name, origin]));
  const partyProxy = opening.use(await startFaultProxy(`${origins.get('party')}`));
  const questions = await learnQuestions(origins);

  const reached = new Map(origins).set('party', partyProxy.origin);
  const addresses = Object.fromEntries(
    [...reached].map(([name, origin]) => [`${name.toUpperCase()}_URL`, `${origin}/graphql`]),
  );
  const gatewayEnv = { ...keys, ...addresses, ...forEverybody, WENSHU_DATA: data.path };
  const opened = opening.move();
  return {
    agencies,
    partyProxy,
    questions,
    crashes,
    startGateway: ({ env, supergraphFile: file = supergraphFile } = {}) =>
      startWenshu(['gateway', '--supergraph', file, '--port', '0'], { ...gatewayEnv, ...env }, onCrash),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function startAgency(
  name: SubgraphName,
  databaseUrl: string,
  onCrash: (what: string) => void,
): Promise<Agency> {
  const port = String(await findFreePort());
  const env = { ...keys, ...forEverybody, [`${name.toUpperCase()}_DATABASE_URL`]: databaseUrl };
  const start = () => startWenshu(['subgraph', name, '--port', port], env, onCrash);
  let process = await start();
  return {
    origin: process.origin,
    get process() {
      return process;
    },
    async restart() {
      process = await start();
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
