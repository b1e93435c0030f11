import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Databases } from '@wenshu/migrations/migrate.ts';
import { type KeyRing, keyRingRule, parseKeyRing } from '@wenshu/schema/signature.ts';
import {
  type MemberName,
  memberNames,
  type SubgraphName,
  subgraphNames,
} from '@wenshu/schema/subgraph-sdl.ts';
import type { DepartmentOptions } from '../admission/departments.ts';
import { developmentIssuer } from '../admission/development-key.ts';
import { documentModes } from '../admission/persisted-documents.ts';
import type { RateLimits } from '../admission/rate-limit.ts';
import type { SharedStore } from '../admission/rate-store.ts';
import type { RequestLimitSettings } from '../admission/request-limits.ts';
import type { KeyFile } from '../audit/signing-key.ts';
import type { AgreementLimits } from '../control/agreements.ts';
import type { ExportLimits } from '../export/export-run.ts';
import { isNetwork } from '../http/client-address.ts';
import { isLoopbackHost } from '../http/loopback.ts';
import type { StopTimes } from '../http/server.ts';
import { ConfigError } from '../lib/config-error.ts';
import { parseDuration, parseSize } from '../lib/units.ts';
import { type RelationLimits, standardRelationLimits } from '../semijoin/relation-limits.ts';
import type { TracingOptions } from '../telemetry/tracing.ts';
import type { HttpOptions } from '../upstream/http-subgraph.ts';
import type { SubgraphLimits } from '../upstream/policy.ts';
import type { MutualTlsFiles } from './mutual-tls.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  readonly isProduction: boolean;
  /** Whether synthetic rows are read where nobody says which. */
  readonly isTrial: boolean;
  /** Whether callers must say who they are, or may; undefined leaves it to the way the hub is run. */
  readonly access: boolean | 'optional' | undefined;
  /** File of who meets the policies of the supergraph. */
  readonly policiesFile: string | undefined;
  readonly identityProvider: DepartmentOptions | undefined;
  /** Folder of the embedded PostgreSQL, the last good supergraph and the audit log. */
  readonly dataFolder: string;
  readonly databases: Databases;
  /** Secrets that API keys are hashed with, newest first; none: the hub makes its own in the data folder. */
  readonly keyPeppers: readonly string[];
  /** Networks of proxies that are believed where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** In working days. */
  readonly agreementLimits: AgreementLimits;
  /** The most that a key may be allowed to ask for, in query cost; 0 for any. */
  readonly keyCeilings: RateLimits;
  /** File of the holidays, and of the days worked in their stead. */
  readonly calendarFile: string | undefined;
  /** File of the supergraph that the gateway answers from. */
  readonly supergraphFile: string;
  /** Addresses of subgraphs apart that are not where the supergraph says. */
  readonly subgraphAddresses: Readonly<Partial<Record<SubgraphName, string>>>;
  /** What each subgraph may cost. */
  readonly subgraphLimits: SubgraphLimits;
  readonly subgraphHttp: HttpOptions;
  /** The keys that calls to a subgraph are signed with; undefined where they are not. */
  readonly keysOf: (subgraph: string) => KeyRing | undefined;
  /** TLS between gateway and subgraphs apart, with certificates of both. */
  readonly subgraphTls: MutualTlsFiles | undefined;
  readonly requestTimeoutMs: number;
  readonly planTimeoutMs: number;
  /** How long planning for one caller may take in a minute. */
  readonly planBudgetMs: number;
  readonly maxInFlight: number;
  readonly maxBodyBytes: number;
  /** Whether there is a page at `/graphiql`. */
  readonly graphiql: boolean;
  readonly connectionsPerAddress: number;
  /** How long a reader may take nothing of its answer. */
  readonly writeIdleMs: number;
  /** What exports may take. */
  readonly exportLimits: ExportLimits;
  /** Says who asks, for commands that ask a hub. */
  readonly token: string | undefined;
  /** What is let in. */
  readonly admission: RequestLimitSettings;
  /** What conditions and orders on something related may come to. */
  readonly relationLimits: Partial<RelationLimits>;
  /** File or folder of the documents that are registered. */
  readonly documentsPath: string | undefined;
  readonly stop: StopTimes;
  /** Whether `/metrics` answers. */
  readonly metrics: boolean;
  /** How many operations have metrics under their own name. */
  readonly operationsNamed: number;
  /** Whether callers may have answers explained; undefined leaves it to the way the hub is run. */
  readonly explain: boolean | undefined;
  readonly tracing: TracingOptions | undefined;
  readonly audit: AuditConfig;
}

export type AuditConfig = {
  /** Undefined leaves it to whether callers must say who they are. */
  readonly isOn: boolean | undefined;
  /** Of the chains of all gateways, each in a folder of its own under its id. */
  readonly folder: string;
  /** Undefined leaves it to where the gateway listens. */
  readonly gatewayId: string | undefined;
  readonly key: KeyFile;
  readonly checkpointEvery: number;
  /** Less room than this on its disk is warned of. */
  readonly warnBelowBytes: number;
};

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

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const databaseUrlOf = (name: MemberName) => `${name.toUpperCase()}_DATABASE_URL`;
const addressOf = (name: SubgraphName) => `${name.toUpperCase()}_URL`;
const keysOf = (name: SubgraphName) => `${name.toUpperCase()}_KEYS`;

/** Every environment variable that the hub reads. */
export const settings: readonly Setting[] = [
  { name: 'PORT', about: 'Port of the gateway; 0 takes a free one.', default: '4000', refuse: unlessPort },
  { name: 'HOST', about: 'Network address to listen on.', default: '127.0.0.1', refuse: unlessAnything },
  {
    name: 'WENSHU_DATA',
    about: 'Folder of the embedded PostgreSQL, the last good supergraph and the audit log.',
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
    about: 'Database of API keys and agreements, used as it is; a gateway apart has none without it.',
    refuse: unlessDatabase,
  },
  {
    name: 'SUPERGRAPH',
    about: 'File of the supergraph that the gateway answers from.',
    default: fromRoot('schema/supergraph.graphql'),
    refuse: unlessAnything,
  },
  {
    name: 'NODE_ENV',
    about:
      'With production, what is for local use only (keys and files made at first need, ACCESS=0) is refused.',
    refuse: unlessAnything,
  },
  {
    name: 'TRIAL',
    about:
      'Whether lists and numbers are of synthetic rows, not of real ones, where a question does not say which: 1 or 0.',
    default: '0',
    refuse: unlessSwitch,
  },
  {
    name: 'ACCESS',
    about:
      'Whether callers must say who they are: 1, 0, or optional (default: 1 for start, and wherever JWKS is set).',
    refuse: unlessAccess,
  },
  {
    name: 'POLICIES',
    about:
      'File of who meets each @policy of the supergraph, as {"NAME": {"roles": ["editor"], "scopes": []}}.',
    refuse: unlessAnything,
  },
  {
    name: 'JWKS',
    about: 'Public keys of the identity provider: an https address or a file.',
    refuse: unlessKeys,
  },
  { name: 'JWT_ISSUER', about: 'What its tokens carry as iss.', refuse: unlessIssuer },
  {
    name: 'JWT_AUDIENCE',
    about: 'What its tokens for this hub carry as aud.',
    default: 'wenshu',
    refuse: unlessAnything,
  },
  {
    name: 'KEY_PEPPER',
    about: 'Secret that API keys are hashed with; a second one after a comma is the one before it.',
    refuse: unlessPeppers,
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
  ...subgraphNames.map((name) => ({
    name: addressOf(name),
    about: `Where the subgraph ${name} is, if not where the supergraph says.`,
    refuse: unlessAddress,
  })),
  {
    name: 'SUBGRAPH_KEYS',
    about: 'Keys that sign calls to subgraphs apart, as id:secret,id:secret; the first signs, all verify.',
    refuse: unlessKeyRing,
  },
  ...subgraphNames.map((name) => ({
    name: keysOf(name),
    about: `Keys of the subgraph ${name} alone, in place of SUBGRAPH_KEYS.`,
    refuse: unlessKeyRing,
  })),
  {
    name: 'SUBGRAPH_TLS_CERT',
    about: 'File of the certificate that this process shows to the other side of a call to a subgraph apart.',
    refuse: unlessAnything,
  },
  { name: 'SUBGRAPH_TLS_KEY', about: 'File of its key.', refuse: unlessAnything },
  {
    name: 'SUBGRAPH_TLS_CA',
    about: "File of the authority that has to have signed the other side's certificate.",
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
    name: 'PLAN_BUDGET',
    about: 'How long planning new operations of one person or key may take in a minute.',
    default: '10s',
    refuse: unlessPositiveDuration,
  },
  {
    name: 'MAX_IN_FLIGHT',
    about: 'How many requests may be under way; more are answered 503 at once.',
    default: '512',
    refuse: unlessPositive,
  },
  {
    name: 'MAX_BODY',
    about: 'Size of a request above which it is not read.',
    default: '256KiB',
    refuse: unlessSize,
  },
  {
    name: 'GRAPHIQL',
    about: 'Whether there is a page at /graphiql: 1 or 0 (default: 1, and 0 with NODE_ENV=production).',
    refuse: unlessSwitch,
  },
  {
    name: 'CONNECTIONS_PER_ADDRESS',
    about: 'How many connections an address may have open; those of TRUSTED_PROXIES are not counted.',
    default: '256',
    refuse: unlessPositive,
  },
  {
    name: 'WRITE_IDLE',
    about: 'How long a reader may take nothing of its answer.',
    default: '30s',
    refuse: unlessPositiveDuration,
  },
  {
    name: 'EXPORTS',
    about: 'How many exports may read at a time; more are answered 503.',
    default: '4',
    refuse: unlessPositive,
  },
  {
    name: 'EXPORTS_PER_CALLER',
    about: 'How many exports a person or key may have under way, with those that wait for the rate limit.',
    default: '2',
    refuse: unlessPositive,
  },
  {
    name: 'EXPORT_TIMEOUT',
    about: 'How long an export may take, and hold its snapshots; after that it has to be resumed.',
    default: '1h',
    refuse: unlessDuration,
  },
  {
    name: 'EXPORT_IDLE',
    about: 'How long the reader of an export may take nothing of it.',
    default: '60s',
    refuse: unlessDuration,
  },
  {
    name: 'WENSHU_TOKEN',
    about: 'Says who asks where the command line asks a hub: a token of a department, or a key.',
    refuse: unlessAnything,
  },
  {
    name: 'QUERY_DEPTH',
    about: 'How many levels of fields an operation may have.',
    default: '12',
    refuse: unlessPositive,
  },
  {
    name: 'QUERY_ALIASES',
    about: 'How many aliases an operation may have, fragments spelled out.',
    default: '15',
    refuse: unlessCount,
  },
  {
    name: 'QUERY_ROOT_FIELDS',
    about: 'How many fields an operation may have at its root.',
    default: '10',
    refuse: unlessPositive,
  },
  {
    name: 'QUERY_FIELDS',
    about: 'How many fields an operation may have, fragments spelled out.',
    default: '2000',
    refuse: unlessPositive,
  },
  {
    name: 'QUERY_TOKENS',
    about: 'How many tokens (names, values, brackets) a document may have.',
    default: '2000',
    refuse: unlessPositive,
  },
  {
    name: 'QUERY_VARIABLE_DEPTH',
    about: 'How many levels of lists and objects a variable may have.',
    default: '50',
    refuse: unlessPositive,
  },
  {
    name: 'QUERY_CONDITIONS',
    about: 'How many conditions, orders and groups an operation may have, those in variables included.',
    default: '200',
    refuse: unlessPositive,
  },
  {
    name: 'QUERY_COST',
    about: 'What an operation may cost, by @cost and @listSize.',
    default: '50000',
    refuse: unlessCost,
  },
  {
    name: 'QUERY_LIST_SIZE',
    about: 'How many items a list is taken to have for that, where nothing tells.',
    default: '10',
    refuse: unlessPositive,
  },
  {
    name: 'RELATION_KEYS',
    about: 'How many keys a condition or order on something related may carry from one subgraph to another.',
    default: String(standardRelationLimits.maxKeys),
    refuse: unlessPositive,
  },
  {
    name: 'RELATION_DEPTH',
    about: 'How many relations such a condition or order may lead over.',
    default: String(standardRelationLimits.maxDepth),
    refuse: unlessPositive,
  },
  {
    name: 'DEPARTMENT_RATE',
    about:
      'Query cost that a department, or a user of a graph without them, may ask for in a minute; 0 for no limit.',
    default: '1000000',
    refuse: unlessCost,
  },
  {
    name: 'DEPARTMENT_QUOTA',
    about:
      'Query cost that a department, or a user of a graph without them, may ask for in a day; 0 for no limit.',
    default: '200000000',
    refuse: unlessCost,
  },
  {
    name: 'PARTNER_RATE',
    about:
      'Query cost that a key of a partner (unless it says otherwise), or a network without a token, may ask for in a minute.',
    default: '100000',
    refuse: unlessCost,
  },
  {
    name: 'PARTNER_QUOTA',
    about:
      'Query cost that a key of a partner (unless it says otherwise), or a network without a token, may ask for in a day.',
    default: '5000000',
    refuse: unlessCost,
  },
  {
    name: 'PARTNER_RATE_MAX',
    about: 'Query cost a minute that a steward may allow a key at most; 0 for any (default: PARTNER_RATE).',
    refuse: unlessCost,
  },
  {
    name: 'PARTNER_QUOTA_MAX',
    about: 'Query cost a day that a steward may allow a key at most; 0 for any (default: PARTNER_QUOTA).',
    refuse: unlessCost,
  },
  {
    name: 'REDIS_URL',
    about: 'Redis or Valkey in which gateways count together what callers ask for.',
    refuse: unlessRedis,
  },
  {
    name: 'USAGE_DATABASE_URL',
    about: 'PostgreSQL in which they do so where there is no REDIS_URL; without either each counts alone.',
    refuse: unlessDatabase,
  },
  {
    name: 'GATEWAYS',
    about: 'How many gateways do so: each allows its part of a limit while the store is down.',
    default: '1',
    refuse: unlessPositive,
  },
  {
    name: 'PERSISTED_DOCUMENTS',
    about: 'File or folder of registered documents: .json manifests of Relay or Apollo, .graphql documents.',
    refuse: unlessAnything,
  },
  {
    name: 'DOCUMENT_MODE',
    about: `Which documents are answered (${documentModes.join(', ')}): any, registered ones, those by id only.`,
    default: 'log',
    refuse: unlessDocumentMode,
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
  {
    name: 'AUDIT',
    about: 'Whether answers are put on record: 1 or 0 (default: 1 where callers must say who they are).',
    refuse: unlessSwitch,
  },
  {
    name: 'AUDIT_FOLDER',
    about: 'Folder of the audit log (default: audit in WENSHU_DATA).',
    refuse: unlessAnything,
  },
  {
    name: 'AUDIT_KEY',
    about: 'File of the Ed25519 key that signs it (default: audit-key.pem in WENSHU_DATA, made when needed).',
    refuse: unlessAnything,
  },
  {
    name: 'AUDIT_CHECKPOINT_EVERY',
    about: 'After how many records one signs those before it; after a minute at the latest.',
    default: '1000',
    refuse: unlessPositive,
  },
  {
    name: 'AUDIT_WARN_BELOW',
    about:
      'Room on the disk of the audit log below which the hub warns, and puts strangers on record no more.',
    default: '1GiB',
    refuse: unlessSize,
  },
  {
    name: 'GATEWAY_ID',
    about: 'Name of the gateway in the audit log (default: its machine and port).',
    refuse: unlessId,
  },
];

/** Reads the environment; whatever is wrong with it is told at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems = settings.flatMap(({ name, refuse }) => {
    const problem = env[name] && refuse(env[name]);
    return problem ? [`${name} ${problem}.`] : [];
  });
  problems.push(...accessProblems(env));
  const tls = tlsSettings.filter((name) => env[name]);
  if (tls.length > 0 && tls.length < tlsSettings.length) {
    problems.push(`${tlsSettings.join(', ')} must be set together, or none of them.`);
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const defaults = new Map(settings.map((setting) => [setting.name, setting.default]));
  const read = (name: string) => env[name] || defaults.get(name);
  const text = (name: string) => read(name) ?? '';
  const count = (name: string) => Number(text(name));
  const duration = (name: string) => parseDuration(text(name)) ?? 0;
  const list = (name: string) => listOf(text(name));
  const perMember = <Name extends MemberName>(names: readonly Name[], variableOf: (name: Name) => string) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = read(variableOf(name));
        return value ? [[name, value]] : [];
      }),
    );
  const separateKeys: Partial<Record<SubgraphName, string>> = perMember(subgraphNames, keysOf);
  return {
    port: Number(text('PORT')),
    host: text('HOST'),
    logLevel: logLevels.find((level) => level === text('LOG_LEVEL')) ?? 'info',
    isProduction: text('NODE_ENV') === 'production',
    isTrial: text('TRIAL') === '1',
    access: accessFrom(read('ACCESS')),
    policiesFile: read('POLICIES') && resolve(text('POLICIES')),
    identityProvider: identityProviderFrom(text),
    dataFolder: resolve(text('WENSHU_DATA')),
    databases: { adminUrl: read('DATABASE_URL'), separateUrls: perMember(memberNames, databaseUrlOf) },
    supergraphFile: resolve(text('SUPERGRAPH')),
    subgraphAddresses: perMember(subgraphNames, addressOf),
    keyPeppers: list('KEY_PEPPER'),
    trustedProxies: list('TRUSTED_PROXIES'),
    agreementLimits: {
      answerDays: count('AGREEMENT_ANSWER_DAYS'),
      extensionDays: count('AGREEMENT_EXTENSION_DAYS'),
      deliveryDays: count('AGREEMENT_DELIVERY_DAYS'),
    },
    keyCeilings: {
      costPerMinute: Number(read('PARTNER_RATE_MAX') ?? read('PARTNER_RATE')),
      costPerDay: Number(read('PARTNER_QUOTA_MAX') ?? read('PARTNER_QUOTA')),
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
    keysOf: (name) =>
      parseKeyRing(separateKeys[name as SubgraphName] ?? '') ?? parseKeyRing(text('SUBGRAPH_KEYS')),
    subgraphTls: tls.length > 0 ? tlsFilesFrom(text) : undefined,
    requestTimeoutMs: duration('REQUEST_TIMEOUT'),
    planTimeoutMs: duration('PLAN_TIMEOUT'),
    planBudgetMs: duration('PLAN_BUDGET'),
    maxInFlight: count('MAX_IN_FLIGHT'),
    maxBodyBytes: parseSize(text('MAX_BODY')) ?? 0,
    graphiql: (read('GRAPHIQL') ?? (text('NODE_ENV') === 'production' ? '0' : '1')) === '1',
    connectionsPerAddress: count('CONNECTIONS_PER_ADDRESS'),
    writeIdleMs: duration('WRITE_IDLE'),
    relationLimits: { maxKeys: count('RELATION_KEYS'), maxDepth: count('RELATION_DEPTH') },
    exportLimits: {
      concurrency: count('EXPORTS'),
      perCaller: count('EXPORTS_PER_CALLER'),
      timeoutMs: duration('EXPORT_TIMEOUT'),
      idleMs: duration('EXPORT_IDLE'),
    },
    token: read('WENSHU_TOKEN'),
    admission: {
      queryLimits: {
        depth: count('QUERY_DEPTH'),
        aliases: count('QUERY_ALIASES'),
        rootFields: count('QUERY_ROOT_FIELDS'),
        fields: count('QUERY_FIELDS'),
        tokens: count('QUERY_TOKENS'),
        variableDepth: count('QUERY_VARIABLE_DEPTH'),
        conditions: count('QUERY_CONDITIONS'),
        cost: count('QUERY_COST'),
      },
      assumedListSize: count('QUERY_LIST_SIZE'),
      rateLimits: {
        department: { costPerMinute: count('DEPARTMENT_RATE'), costPerDay: count('DEPARTMENT_QUOTA') },
        partner: { costPerMinute: count('PARTNER_RATE'), costPerDay: count('PARTNER_QUOTA') },
      },
      rateStore: rateStoreFrom(text),
      gateways: count('GATEWAYS'),
      documentMode: documentModes.find((mode) => mode === text('DOCUMENT_MODE')) ?? 'log',
    },
    documentsPath: read('PERSISTED_DOCUMENTS'),
    stop: { noticeMs: duration('STOP_NOTICE'), graceMs: duration('STOP_GRACE') },
    metrics: text('METRICS') === '1',
    operationsNamed: count('METRICS_OPERATIONS'),
    explain: read('EXPLAIN') === undefined ? undefined : text('EXPLAIN') === '1',
    tracing: tracingFrom(text),
    audit: auditFrom(read),
  };
}

/** What settings break together. */
function accessProblems({
  JWKS,
  JWT_ISSUER,
  ACCESS,
  NODE_ENV,
}: Readonly<Record<string, string | undefined>>) {
  return [
    ...(JWKS && !JWT_ISSUER ? ['JWT_ISSUER must say what the tokens carry as iss, where JWKS is set.'] : []),
    ...(ACCESS === '0' && NODE_ENV === 'production'
      ? ['ACCESS must not be 0 where NODE_ENV is production.']
      : []),
  ];
}

function accessFrom(text: string | undefined): Config['access'] {
  return text === undefined || text === 'optional' ? text : text === '1';
}

function identityProviderFrom(text: (name: string) => string): DepartmentOptions | undefined {
  const keys = text('JWKS');
  if (!keys) return undefined;
  const jwks = isAddress(keys) ? new URL(keys) : pathToFileURL(resolve(keys));
  return { jwks, issuer: text('JWT_ISSUER'), audience: text('JWT_AUDIENCE') };
}
const tlsSettings = ['SUBGRAPH_TLS_CERT', 'SUBGRAPH_TLS_KEY', 'SUBGRAPH_TLS_CA'] as const;

const tlsFilesFrom = (text: (name: string) => string): MutualTlsFiles => ({
  cert: resolve(text('SUBGRAPH_TLS_CERT')),
  key: resolve(text('SUBGRAPH_TLS_KEY')),
  ca: resolve(text('SUBGRAPH_TLS_CA')),
});

function rateStoreFrom(text: (name: string) => string): SharedStore | undefined {
  const redis = text('REDIS_URL');
  if (redis) return { kind: 'redis', url: redis };
  const postgres = text('USAGE_DATABASE_URL');
  return postgres ? { kind: 'postgres', url: postgres } : undefined;
}

function tracingFrom(text: (name: string) => string): TracingOptions | undefined {
  const endpoint = text('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (!endpoint) return undefined;
  const sampledPart = Number(text('OTEL_TRACES_SAMPLER_ARG'));
  return { endpoint, serviceName: text('OTEL_SERVICE_NAME'), sampledPart };
}

function auditFrom(read: (name: string) => string | undefined): AuditConfig {
  const inData = (name: string) => join(read('WENSHU_DATA') ?? '', name);
  return {
    isOn: read('AUDIT') === undefined ? undefined : read('AUDIT') === '1',
    folder: resolve(read('AUDIT_FOLDER') ?? inData('audit')),
    gatewayId: read('GATEWAY_ID'),
    key: {
      file: resolve(read('AUDIT_KEY') ?? inData('audit-key.pem')),
      isMade: read('NODE_ENV') !== 'production',
    },
    checkpointEvery: Number(read('AUDIT_CHECKPOINT_EVERY')),
    warnBelowBytes: parseSize(read('AUDIT_WARN_BELOW') ?? '') ?? 0,
  };
}

/** A subgraph answers before its gateway gives the call up: what takes it too long is an error of some fields, and it is well. */
export const callTimeoutOf = ({ subgraphLimits }: Pick<Config, 'subgraphLimits'>): number =>
  Math.max(1, Math.floor(subgraphLimits.timeoutMs * 0.8));

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

function unlessCost(text: string) {
  return /^\d{1,9}$/.test(text) ? undefined : `must be a whole number of at most 9 digits, not "${text}"`;
}

function unlessDuration(text: string) {
  return parseDuration(text) === undefined ? `must be like 500ms, 10s or 2m, not "${text}"` : undefined;
}

function unlessPositiveDuration(text: string) {
  return parseDuration(text) ? undefined : `must be like 500ms, 10s or 2m, not "${text}"`;
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

/** Does not repeat the value: it holds secrets. */
function unlessKeyRing(text: string) {
  return parseKeyRing(text) ? undefined : keyRingRule;
}

/** Does not repeat the value: it may hold a password. */
function unlessRedis(text: string) {
  const isRedis = /^rediss?:$/.test(URL.parse(text)?.protocol ?? '');
  return isRedis ? undefined : 'must be like redis://user:password@host:6379/0';
}

function unlessDocumentMode(text: string) {
  const isMode = documentModes.some((mode) => mode === text);
  return isMode ? undefined : `must be one of ${documentModes.join(', ')}, not "${text}"`;
}

function unlessSwitch(text: string) {
  return /^[01]$/.test(text) ? undefined : `must be 1 or 0, not "${text}"`;
}

function unlessAccess(text: string) {
  return /^([01]|optional)$/.test(text) ? undefined : `must be 1, 0 or optional, not "${text}"`;
}

const isAddress = (text: string) => /^https?:/.test(text);

/** Whoever can change keys on their way can be anybody. */
function unlessKeys(text: string) {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || isLoopbackHost(url?.hostname ?? '');
  return isSafe || !isAddress(text) ? undefined : 'must be like https://id.example/jwks.json, or a file';
}

function unlessIssuer(text: string) {
  return text === developmentIssuer ? `must not be "${text}", which is of the development key` : undefined;
}

/** It names a folder. */
function unlessId(text: string) {
  const isId = /^\w[\w.-]{0,63}$/.test(text);
  return isId ? undefined : `must be letters, digits, dots and dashes, not "${text}"`;
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
