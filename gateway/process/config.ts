import { join } from 'node:path';
import { settings as admission, identityProviderOf, rateStoreOf } from '../admission/settings.ts';
import { settings as audit } from '../audit/settings.ts';
import { settings as control } from '../control/settings.ts';
import { settings as exporting } from '../export/settings.ts';
import { settings as governance } from '../governance/settings.ts';
import { settings as graphiql } from '../graphiql/settings.ts';
import { settings as http } from '../http/settings.ts';
import { ConfigError } from '../lib/config-error.ts';
import { type Environment, listSettings, type ValuesOf, valuesOf } from '../lib/setting.ts';
import { settings as planning } from '../planning/settings.ts';
import { settings as semijoin } from '../semijoin/settings.ts';
import { settings as telemetry, tracingOf } from '../telemetry/settings.ts';
import { keysBySubgraph, settings as upstream } from '../upstream/settings.ts';
import type { MutualTlsFiles } from './mutual-tls.ts';
import { settings as own } from './settings.ts';

/** Settings of all rooms, in the order of `wenshu --help` and docs/settings.md. */
const table = {
  port: own.port,
  host: own.host,
  dataFolder: own.dataFolder,
  databases: own.databases,
  supergraphFile: own.supergraphFile,
  isProduction: own.isProduction,
  isTrial: own.isTrial,
  access: admission.access,
  policiesFile: governance.policiesFile,
  identityProvider: admission.identityProvider,
  keyPeppers: control.keyPeppers,
  trustedProxies: http.trustedProxies,
  agreementLimits: control.agreementLimits,
  calendarFile: control.calendarFile,
  subgraphAddresses: upstream.subgraphAddresses,
  subgraphKeys: upstream.subgraphKeys,
  subgraphTls: upstream.subgraphTls,
  subgraphLimits: upstream.subgraphLimits,
  subgraphHttp: upstream.subgraphHttp,
  requestTimeoutMs: admission.requestTimeoutMs,
  planTimeoutMs: planning.planTimeoutMs,
  planBudgetMs: planning.planBudgetMs,
  maxInFlight: admission.maxInFlight,
  maxBodyBytes: http.maxBodyBytes,
  corsOrigins: http.corsOrigins,
  graphiql: graphiql.graphiql,
  connectionsPerAddress: http.connectionsPerAddress,
  writeIdleMs: http.writeIdleMs,
  exportLimits: exporting.exportLimits,
  token: own.token,
  queryLimits: admission.queryLimits,
  assumedListSize: admission.assumedListSize,
  relationLimits: semijoin.relationLimits,
  rateLimits: admission.rateLimits,
  keyCeilings: control.keyCeilings,
  rateStore: admission.rateStore,
  gateways: admission.gateways,
  documentsPath: admission.documentsPath,
  documentMode: admission.documentMode,
  stop: http.stop,
  logLevel: own.logLevel,
  metrics: telemetry.metrics,
  operationsNamed: telemetry.operationsNamed,
  explain: telemetry.explain,
  tracing: telemetry.tracing,
  audit,
};

/** Every environment variable that the hub reads. */
export const settings = listSettings(table);

/** Configuration of the hub. Undefined values depend on how the hub is started. */
export type Config = ReturnType<typeof configOf>;

/** Reads the environment. Throws one error with all its problems. */
export function readConfig(env: Environment): Config {
  const problems = [...settings.flatMap((setting) => setting.problemIn(env) ?? []), ...problemsTogether(env)];
  if (problems.length > 0) throw new ConfigError(problems);
  return configOf(valuesOf(table, env));
}

/** Lists problems that concern several settings together. */
function problemsTogether(env: Environment): readonly string[] {
  const { JWKS, JWT_ISSUER, ACCESS, NODE_ENV } = env;
  const tls = listSettings(upstream.subgraphTls).map(({ name }) => name);
  const isTlsPartial = tls.some((name) => env[name]) && !tls.every((name) => env[name]);
  return [
    ...(JWKS && !JWT_ISSUER
      ? ['JWT_ISSUER must be set with JWKS: it is the value of iss in the tokens.']
      : []),
    ...(ACCESS === '0' && NODE_ENV === 'production'
      ? ['ACCESS must not be 0 with NODE_ENV=production.']
      : []),
    ...(isTlsPartial ? [`${tls.join(', ')} must be set together, or none of them.`] : []),
  ];
}

/** Derives the configuration from the values of single settings. */
function configOf(values: ValuesOf<typeof table>) {
  const { queryLimits, assumedListSize, rateLimits, rateStore, gateways, documentMode, ...alone } = values;
  const { subgraphKeys, subgraphTls, keyCeilings, audit, ...rest } = alone;
  const { dataFolder, isProduction } = values;
  return {
    ...rest,
    identityProvider: identityProviderOf(values.identityProvider),
    keysOf: keysBySubgraph(subgraphKeys),
    subgraphTls: mutualTlsOf(subgraphTls),
    graphiql: values.graphiql ?? !isProduction,
    /** Maximum limits of a key in query cost; 0 means no maximum. */
    keyCeilings: {
      costPerMinute: keyCeilings.costPerMinute ?? rateLimits.partner.costPerMinute,
      costPerDay: keyCeilings.costPerDay ?? rateLimits.partner.costPerDay,
    },
    /** Limits of requests. */
    admission: {
      queryLimits,
      assumedListSize,
      rateLimits,
      rateStore: rateStoreOf(rateStore),
      gateways,
      documentMode,
    },
    tracing: tracingOf(values.tracing),
    audit: {
      isOn: audit.isOn,
      folder: audit.folder ?? join(dataFolder, 'audit'),
      gatewayId: audit.gatewayId,
      key: { file: audit.keyFile ?? join(dataFolder, 'audit-key.pem'), isMade: !isProduction },
      checkpointEvery: audit.checkpointEvery,
      warnBelowBytes: audit.warnBelowBytes,
    },
  };
}

/** Returns the files when set: all three are set, or none. */
const mutualTlsOf = ({ cert, key, ca }: ValuesOf<typeof table>['subgraphTls']): MutualTlsFiles | undefined =>
  cert && key && ca ? { cert, key, ca } : undefined;

/**
 * Returns the timeout inside a subgraph. It is shorter than that of the gateway's call, so that a slow query becomes an
 * error of some fields and not of the subgraph.
 */
export const callTimeoutOf = ({ subgraphLimits }: Pick<Config, 'subgraphLimits'>): number =>
  Math.max(1, Math.floor(subgraphLimits.timeoutMs * 0.8));
