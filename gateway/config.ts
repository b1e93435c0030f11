import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Databases } from '@wenshu/migrations/migrate.ts';
import {
  type MemberName,
  memberNames,
  type SubgraphName,
  subgraphNames,
} from '@wenshu/schema/subgraph-sdl.ts';
import { isNetwork } from './admission/client-address.ts';
import type { HttpOptions } from './execution/http-subgraph.ts';
import type { SubgraphLimits } from './execution/subgraph-policy.ts';
import type { StopTimes } from './http/server.ts';
import type { AgreementLimits } from './hub/agreements.ts';
import type { TracingOptions } from './telemetry/tracing.ts';
import { parseDuration, parseSize } from './units.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  /** Folder of the embedded PostgreSQL, and of the last good supergraph. */
  readonly dataFolder: string;
  readonly databases: Databases;
  /** File of the supergraph that the gateway answers from. */
  readonly supergraphFile: string;
  /** Addresses of subgraphs apart that are not where the supergraph says. */
  readonly subgraphAddresses: Readonly<Partial<Record<SubgraphName, string>>>;
  /** Secrets that API keys are hashed with, newest first; none: the hub makes its own in the data folder. */
  readonly keyPeppers: readonly string[];
  /** Whether the hub refuses what is good for trying it out only. */
  readonly isProduction: boolean;
  /** Networks of proxies that are believed where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** In working days. */
  readonly agreementLimits: AgreementLimits;
  /** File of the holidays, and of the days worked in their stead. */
  readonly calendarFile: string | undefined;
  /** What each subgraph may cost. */
  readonly subgraphLimits: SubgraphLimits;
  readonly subgraphHttp: HttpOptions;
  readonly requestTimeoutMs: number;
  readonly planTimeoutMs: number;
  readonly maxInFlight: number;
  readonly stop: StopTimes;
  /** Whether `/metrics` answers. */
  readonly metrics: boolean;
  /** How many operations have metrics under their own name. */
  readonly operationsNamed: number;
  /** Whether callers may have answers explained; undefined leaves it to the way the hub is run. */
  readonly explain: boolean | undefined;
  readonly tracing: TracingOptions | undefined;
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

const databaseUrlOf = (name: MemberName) => `${name.toUpperCase()}_DATABASE_URL`;
const addressOf = (name: SubgraphName) => `${name.toUpperCase()}_URL`;

/** Every environment variable that the hub reads. */
export const settings: readonly Setting[] = [
  { name: 'PORT', about: 'Port of the gateway; 0 takes a free one.', default: '4000', refuse: unlessPort },
  { name: 'HOST', about: 'Network address to listen on.', default: '127.0.0.1', refuse: unlessAnything },
  {
    name: 'WENSHU_DATA',
    about: 'Folder of the embedded PostgreSQL, and of the last good supergraph.',
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
    name: databaseUrlOf('hub'),
    about: 'Database of the keys and agreements, used as it is; a gateway apart has none without it.',
    refuse: unlessDatabase,
  },
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
    name: 'KEY_PEPPER',
    about: 'Secret that API keys are hashed with; a second one after a comma is the one before it.',
    refuse: unlessPeppers,
  },
  {
    name: 'NODE_ENV',
    about:
      'production refuses what is good for trying the hub out only, such as a KEY_PEPPER of its own making.',
    refuse: unlessAnything,
  },
  {
    name: 'TRUSTED_PROXIES',
    about: 'Networks, as CIDR after commas, of the proxies whose X-Forwarded-For is believed.',
    refuse: unlessNetworks,
  },
  {
    name: 'AGREEMENT_ANSWER_DAYS',
    about: 'Working days that the owner of data has to answer a request for it.',
    default: '10',
    refuse: unlessPositive,
  },
  {
    name: 'AGREEMENT_EXTENSION_DAYS',
    about: 'Working days by which it can extend that, once and with a reason.',
    default: '10',
    refuse: unlessPositive,
  },
  {
    name: 'AGREEMENT_DELIVERY_DAYS',
    about: 'Working days that it has to deliver once it has approved.',
    default: '20',
    refuse: unlessPositive,
  },
  {
    name: 'CALENDAR',
    about: 'File of the holidays, and of the days worked in their stead (docs/keys.md).',
    refuse: unlessAnything,
  },
  {
    name: 'SUBGRAPH_TIMEOUT',
    about: 'How long a call to a subgraph may take, with retries.',
    default: '10s',
    refuse: unlessDuration,
  },
  {
    name: 'SUBGRAPH_CONNECT_TIMEOUT',
    about: 'How long connecting to a subgraph may take.',
    default: '2s',
    refuse: unlessDuration,
  },
  {
    name: 'SUBGRAPH_RETRIES',
    about: 'How often a query (never a mutation) is sent again when a subgraph cannot be reached.',
    default: '2',
    refuse: unlessCount,
  },
  {
    name: 'SUBGRAPH_CONCURRENCY',
    about: 'How many calls to one subgraph may be under way.',
    default: '256',
    refuse: unlessPositive,
  },
  {
    name: 'SUBGRAPH_QUEUE',
    about: 'How many more calls to one subgraph may wait for their turn.',
    default: '1024',
    refuse: unlessCount,
  },
  {
    name: 'SUBGRAPH_MAX_RESPONSE',
    about: 'Size of an answer of a subgraph above which it is not read.',
    default: '8MiB',
    refuse: unlessSize,
  },
  {
    name: 'REQUEST_TIMEOUT',
    about: 'After how long a request is answered with what there is.',
    default: '30s',
    refuse: unlessDuration,
  },
  {
    name: 'PLAN_TIMEOUT',
    about: 'How long planning an operation may take; one that takes longer is refused for ten minutes.',
    default: '5s',
    refuse: unlessDuration,
  },
  {
    name: 'MAX_IN_FLIGHT',
    about: 'How many requests may be under way; more are answered 503 at once.',
    default: '512',
    refuse: unlessPositive,
  },
  {
    name: 'STOP_NOTICE',
    about: 'How long a gateway that stops, and says so at /readyz, still takes connections.',
    default: '0s',
    refuse: unlessDuration,
  },
  {
    name: 'STOP_GRACE',
    about: 'How long running requests, and all else, may take to end after that.',
    default: '10s',
    refuse: unlessDuration,
  },
  {
    name: 'LOG_LEVEL',
    about: `How much is logged: ${logLevels.join(', ')}.`,
    default: 'info',
    refuse: unlessLogLevel,
  },
  { name: 'METRICS', about: 'Whether /metrics answers: 1 or 0.', default: '1', refuse: unlessSwitch },
  {
    name: 'METRICS_OPERATIONS',
    about: 'How many operations have metrics under their own name.',
    default: '200',
    refuse: unlessCount,
  },
  {
    name: 'EXPLAIN',
    about: 'Whether x-wenshu-explain: 1 explains an answer: 1 or 0 (default: 1 for start, 0 for gateway).',
    refuse: unlessSwitch,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    about: 'Where OpenTelemetry traces go, by OTLP over HTTP; without it none are made.',
    refuse: unlessReceiver,
  },
  {
    name: 'OTEL_SERVICE_NAME',
    about: 'Name of the gateway in traces.',
    default: 'wenshu-gateway',
    refuse: unlessAnything,
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    about: 'Part of the requests that is traced, from 0 to 1, where the caller has not decided.',
    default: '1',
    refuse: unlessPart,
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
  const count = (name: string) => Number(text(name));
  const list = (name: string) => listOf(text(name));
  const duration = (name: string) => parseDuration(text(name)) ?? 0;
  const perMember = <Name extends MemberName>(names: readonly Name[], variableOf: (name: Name) => string) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = read(variableOf(name));
        return value ? [[name, value]] : [];
      }),
    );
  return {
    port: Number(text('PORT')),
    host: text('HOST'),
    logLevel: logLevels.find((level) => level === text('LOG_LEVEL')) ?? 'info',
    dataFolder: resolve(text('WENSHU_DATA')),
    databases: { adminUrl: read('DATABASE_URL'), separateUrls: perMember(memberNames, databaseUrlOf) },
    supergraphFile: resolve(text('SUPERGRAPH')),
    subgraphAddresses: perMember(subgraphNames, addressOf),
    keyPeppers: list('KEY_PEPPER'),
    isProduction: text('NODE_ENV') === 'production',
    trustedProxies: list('TRUSTED_PROXIES'),
    agreementLimits: {
      answerDays: count('AGREEMENT_ANSWER_DAYS'),
      extensionDays: count('AGREEMENT_EXTENSION_DAYS'),
      deliveryDays: count('AGREEMENT_DELIVERY_DAYS'),
    },
    calendarFile: read('CALENDAR'),
    subgraphLimits: {
      timeoutMs: duration('SUBGRAPH_TIMEOUT'),
      retries: count('SUBGRAPH_RETRIES'),
      concurrency: count('SUBGRAPH_CONCURRENCY'),
      queue: count('SUBGRAPH_QUEUE'),
    },
    subgraphHttp: {
      connectTimeoutMs: duration('SUBGRAPH_CONNECT_TIMEOUT'),
      maxResponseBytes: parseSize(text('SUBGRAPH_MAX_RESPONSE')) ?? 0,
    },
    requestTimeoutMs: duration('REQUEST_TIMEOUT'),
    planTimeoutMs: duration('PLAN_TIMEOUT'),
    maxInFlight: count('MAX_IN_FLIGHT'),
    stop: { noticeMs: duration('STOP_NOTICE'), graceMs: duration('STOP_GRACE') },
    metrics: text('METRICS') === '1',
    operationsNamed: count('METRICS_OPERATIONS'),
    explain: read('EXPLAIN') === undefined ? undefined : text('EXPLAIN') === '1',
    tracing: tracingFrom(text),
  };
}

function tracingFrom(text: (name: string) => string): TracingOptions | undefined {
  const endpoint = text('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (!endpoint) return undefined;
  const sampledPart = Number(text('OTEL_TRACES_SAMPLER_ARG'));
  return { endpoint, serviceName: text('OTEL_SERVICE_NAME'), sampledPart };
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

function unlessCount(text: string) {
  return /^\d{1,6}$/.test(text) ? undefined : `must be a whole number, not "${text}"`;
}

function unlessPositive(text: string) {
  return /^0*[1-9]\d{0,5}$/.test(text) ? undefined : `must be a whole number above 0, not "${text}"`;
}

function unlessDuration(text: string) {
  return parseDuration(text) === undefined ? `must be like 500ms, 10s or 2m, not "${text}"` : undefined;
}

function unlessSize(text: string) {
  return parseSize(text) === undefined ? `must be like 512KiB or 32MiB, not "${text}"` : undefined;
}

/** Does not repeat the value: it may hold a password. */
function unlessDatabase(text: string) {
  const url = URL.parse(text);
  const isDatabase = url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1;
  return isDatabase ? undefined : 'must be like postgres://user:password@host:5432/database';
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Does not repeat the value: it is secret. */
function unlessPeppers(text: string) {
  const peppers = listOf(text);
  const areGood = peppers.length <= 2 && peppers.every((pepper) => pepper.length >= 32);
  return areGood
    ? undefined
    : 'must be one secret of at least 32 characters, or two with a comma between them';
}

function unlessNetworks(text: string) {
  const wrong = listOf(text).find((part) => !isNetwork(part));
  return wrong === undefined ? undefined : `must be networks like 10.0.0.0/8,192.0.2.7, not "${wrong}"`;
}

function unlessSwitch(text: string) {
  return /^[01]$/.test(text) ? undefined : `must be 1 or 0, not "${text}"`;
}

function unlessPart(text: string) {
  const isPart = /^\d(\.\d+)?$/.test(text) && Number(text) <= 1;
  return isPart ? undefined : `must be a number from 0 to 1, not "${text}"`;
}

/** Does not repeat the value: it may hold a password. */
function unlessReceiver(text: string) {
  const isAddress = /^https?:$/.test(URL.parse(text)?.protocol ?? '');
  return isAddress ? undefined : 'must be like http://collector:4318';
}

function unlessAddress(text: string) {
  const isAddress = /^https?:$/.test(URL.parse(text)?.protocol ?? '');
  return isAddress ? undefined : `must be like http://host:4001/graphql, not "${text}"`;
}

function unlessLogLevel(text: string) {
  const isLogLevel = logLevels.some((level) => level === text);
  return isLogLevel ? undefined : `must be one of ${logLevels.join(', ')}, not "${text}"`;
}
