import { join } from 'node:path';
import { settings as admission, identityProviderOf, rateStoreOf } from '../admission/settings.ts';
import { settings as audit } from '../audit/settings.ts';
import { settings as control } from '../control/settings.ts';
import { settings as execution } from '../execution/settings.ts';
import { settings as exporting } from '../export/settings.ts';
import { settings as governance } from '../governance/settings.ts';
import { settings as graphiql } from '../graphiql/settings.ts';
import { settings as http } from '../http/settings.ts';
import { ConfigError } from '../lib/config-error.ts';
import { type Environment, listSettings, type ValuesOf, valuesOf } from '../lib/setting.ts';
import { settings as planning } from '../planning/settings.ts';
import { settings as semijoin } from '../semijoin/settings.ts';
import { settings as subscriptions } from '../subscriptions/settings.ts';
import { settings as telemetry, tracingOf } from '../telemetry/settings.ts';
import { keysBySubgraph, settings as upstream } from '../upstream/settings.ts';
import type { MutualTlsFiles } from './mutual-tls.ts';
import { settings as own } from './settings.ts';

/** Settings of all rooms, in the order of `wenshu --help` and docs/settings.md. */
const table = {
  ...own,
  ...admission,
  ...governance,
  ...control,
  ...http,
  ...upstream,
  ...planning,
  ...execution,
  ...semijoin,
  ...exporting,
  ...subscriptions,
  ...graphiql,
  ...telemetry,
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
  const { requestLimits, rateStore, subgraphKeys, subgraphTls, keyCeilings, audit, ...rest } = values;
  const { dataFolder, isProduction } = values;
  const { partner } = requestLimits.rateLimits;
  return {
    ...rest,
    identityProvider: identityProviderOf(values.identityProvider),
    keysOf: keysBySubgraph(subgraphKeys),
    subgraphTls: mutualTlsOf(subgraphTls),
    graphiql: values.graphiql ?? !isProduction,
    /** Maximum limits of a key in query cost; 0 means no maximum. */
    keyCeilings: {
      costPerMinute: keyCeilings.costPerMinute ?? partner.costPerMinute,
      costPerDay: keyCeilings.costPerDay ?? partner.costPerDay,
    },
    /** Limits of requests, with the store in which several gateways count together. */
    admission: { ...requestLimits, rateStore: rateStoreOf(rateStore) },
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
