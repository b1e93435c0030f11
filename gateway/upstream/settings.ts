import { type KeyRing, keyRingRule, parseKeyRing } from '@wenshu/schema/signature.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { type Kind, setting, settingForEach, type ValuesOf } from '../lib/setting.ts';
import { duration, isHttpAddress, path, positiveNumber, size, wholeNumber } from '../lib/setting-kinds.ts';

const address: Kind<string> = {
  parse: (text) => (isHttpAddress(text) ? text : undefined),
  rule: (text) => `must be like http://host:4001/graphql, not "${text}"`,
};

/** A key ring. The rule does not repeat the text, which holds secrets. */
const keyRing: Kind<KeyRing> = { parse: parseKeyRing, rule: () => keyRingRule };

export const settings = {
  subgraphAddresses: settingForEach(subgraphNames, (name) =>
    setting(
      `${name.toUpperCase()}_URL`,
      `Where the subgraph ${name} is, if not where the supergraph says.`,
      address,
    ),
  ),
  subgraphKeys: {
    shared: setting(
      'SUBGRAPH_KEYS',
      'Keys that sign calls to subgraphs apart, as id:secret,id:secret; the first signs, all verify.',
      keyRing,
    ),
    separate: settingForEach(subgraphNames, (name) =>
      setting(
        `${name.toUpperCase()}_KEYS`,
        `Keys of the subgraph ${name} alone, in place of SUBGRAPH_KEYS.`,
        keyRing,
      ),
    ),
  },
  subgraphTls: {
    cert: setting(
      'SUBGRAPH_TLS_CERT',
      'File of the certificate that this process shows to the other side of a call to a subgraph apart.',
      path,
    ),
    key: setting('SUBGRAPH_TLS_KEY', 'File of its key.', path),
    ca: setting(
      'SUBGRAPH_TLS_CA',
      "File of the authority that has to have signed the other side's certificate.",
      path,
    ),
  },
  subgraphLimits: {
    timeoutMs: setting(
      'SUBGRAPH_TIMEOUT',
      'How long a call to a subgraph may take, with retries.',
      duration,
      '10s',
    ),
    retries: setting(
      'SUBGRAPH_RETRIES',
      'How often a query (never a mutation) is sent again when a subgraph cannot be reached.',
      wholeNumber,
      '2',
    ),
    concurrency: setting(
      'SUBGRAPH_CONCURRENCY',
      'How many calls to one subgraph may be under way.',
      positiveNumber,
      '256',
    ),
    queue: setting(
      'SUBGRAPH_QUEUE',
      'How many more calls to one subgraph may wait for their turn.',
      wholeNumber,
      '1024',
    ),
  },
  subgraphHttp: {
    connectTimeoutMs: setting(
      'SUBGRAPH_CONNECT_TIMEOUT',
      'How long connecting to a subgraph may take.',
      duration,
      '2s',
    ),
    maxResponseBytes: setting(
      'SUBGRAPH_MAX_RESPONSE',
      'Size of an answer of a subgraph above which it is not read.',
      size,
      '8MiB',
    ),
  },
};

/** Finds the keys that sign calls to a subgraph; undefined if they are not signed. */
export const keysBySubgraph =
  ({ shared, separate }: ValuesOf<typeof settings>['subgraphKeys']) =>
  (subgraph: string): KeyRing | undefined =>
    separate[subgraph as SubgraphName] ?? shared;
