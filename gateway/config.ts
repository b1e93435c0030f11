import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Databases } from '@wenshu/migrations/migrate.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  /** Folder of the embedded PostgreSQL. */
  readonly dataFolder: string;
  readonly databases: Databases;
  /** File of the supergraph that the gateway answers from. */
  readonly supergraphFile: string;
  /** Addresses of subgraphs apart that are not where the supergraph says. */
  readonly subgraphAddresses: Readonly<Partial<Record<SubgraphName, string>>>;
}

const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

interface Setting {
  readonly name: string;
  /** What it decides, for people. */
  readonly about: string;
  readonly default?: string;
  /** The rule that a value breaks, as in `must be a whole number`; undefined if it breaks none. */
  readonly refuse: (text: string) => string | undefined;
}

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const databaseUrlOf = (name: SubgraphName) => `${name.toUpperCase()}_DATABASE_URL`;
const addressOf = (name: SubgraphName) => `${name.toUpperCase()}_URL`;

/** Every environment variable that the hub reads. */
export const settings: readonly Setting[] = [
  { name: 'PORT', about: 'Port of the gateway; 0 takes a free one.', default: '4000', refuse: unlessPort },
  { name: 'HOST', about: 'Network address to listen on.', default: '127.0.0.1', refuse: unlessAnything },
  {
    name: 'WENSHU_DATA',
    about: 'Folder of the embedded PostgreSQL.',
    default: fromRoot('.data'),
    refuse: unlessAnything,
  },
  {
    name: 'DATABASE_URL',
    about: 'Administrator of a PostgreSQL to use instead of the embedded one.',
    refuse: unlessDatabase,
  },
  ...subgraphNames.map((name) => ({
    name: databaseUrlOf(name),
    about: `Database of the subgraph ${name}, used as it is.`,
    refuse: unlessDatabase,
  })),
  {
    name: 'SUPERGRAPH',
    about: 'File of the supergraph that the gateway answers from.',
    default: fromRoot('schema/supergraph.graphql'),
    refuse: unlessAnything,
  },
  ...subgraphNames.map((name) => ({
    name: addressOf(name),
    about: `Where the subgraph ${name} is, if not where the supergraph says.`,
    refuse: unlessAddress,
  })),
  {
    name: 'LOG_LEVEL',
    about: `How much is logged: ${logLevels.join(', ')}.`,
    default: 'info',
    refuse: unlessLogLevel,
  },
];

/** Reads the environment; whatever is wrong with it is told at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems = settings.flatMap(({ name, refuse }) => {
    const problem = env[name] && refuse(env[name]);
    return problem ? [`${name} ${problem}.`] : [];
  });
  if (problems.length > 0) throw new ConfigError(problems);

  const defaults = new Map(settings.map((setting) => [setting.name, setting.default]));
  const read = (name: string) => env[name] || defaults.get(name);
  const text = (name: string) => read(name) ?? '';
  const perSubgraph = (variableOf: (name: SubgraphName) => string) =>
    Object.fromEntries(
      subgraphNames.flatMap((name) => {
        const value = read(variableOf(name));
        return value ? [[name, value]] : [];
      }),
    );
  return {
    port: Number(text('PORT')),
    host: text('HOST'),
    logLevel: logLevels.find((level) => level === text('LOG_LEVEL')) ?? 'info',
    dataFolder: resolve(text('WENSHU_DATA')),
    databases: { adminUrl: read('DATABASE_URL'), separateUrls: perSubgraph(databaseUrlOf) },
    supergraphFile: resolve(text('SUPERGRAPH')),
    subgraphAddresses: perSubgraph(addressOf),
  };
}

export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(['The environment has settings that cannot be used:', ...problems].join('\n  - '));
    this.name = 'ConfigError';
  }
}

/** A port number as people write it, or the rule it breaks. */
export function unlessPort(text: string) {
  const isPort = /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
  return isPort ? undefined : `must be a whole number from 0 to 65535, not "${text}"`;
}

function unlessAnything() {
  return undefined;
}

/** Does not repeat the value: it may hold a password. */
function unlessDatabase(text: string) {
  const url = URL.parse(text);
  const isDatabase = url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1;
  return isDatabase ? undefined : 'must be like postgres://user:password@host:5432/database';
}

function unlessAddress(text: string) {
  const isAddress = /^https?:$/.test(URL.parse(text)?.protocol ?? '');
  return isAddress ? undefined : `must be like http://host:4001/graphql, not "${text}"`;
}

function unlessLogLevel(text: string) {
  const isLogLevel = logLevels.some((level) => level === text);
  return isLogLevel ? undefined : `must be one of ${logLevels.join(', ')}, not "${text}"`;
}
