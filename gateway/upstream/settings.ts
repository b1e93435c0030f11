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
      `The address of the subgraph ${name}. Without it, the address in the supergraph applies.`,
      address,
    ),
  ),
  subgraphKeys: {
    shared: setting(
      'SUBGRAPH_KEYS',
      'The keys that sign calls to subgraphs that run apart, as id:secret,id:secret. The first key signs; every key verifies.',
      keyRing,
    ),
    separate: settingForEach(subgraphNames, (name) =>
      setting(
        `${name.toUpperCase()}_KEYS`,
        `The keys of the subgraph ${name}, instead of SUBGRAPH_KEYS.`,
        keyRing,
      ),
    ),
  },
  subgraphTls: {
    cert: setting(
      'SUBGRAPH_TLS_CERT',
      'The file of the certificate that this process shows in calls between gateway and subgraph. All three TLS files must be set, or none.',
      path,
    ),
    key: setting('SUBGRAPH_TLS_KEY', 'The file of the private key of SUBGRAPH_TLS_CERT.', path),
    ca: setting(
      'SUBGRAPH_TLS_CA',
      "The file of the authority that must have signed the other side's certificate.",
      path,
    ),
  },
  subgraphLimits: {
    timeoutMs: setting(
      'SUBGRAPH_TIMEOUT',
      'The time limit of a call to a subgraph, including retries. After it, the fields of the subgraph are null with an error.',
      duration,
      '10s',
    ),
    retries: setting(
      'SUBGRAPH_RETRIES',
      'The number of retries of a query if a subgraph cannot be reached. Mutations are never sent again.',
      wholeNumber,
      '2',
    ),
    concurrency: setting(
      'SUBGRAPH_CONCURRENCY',
      'The maximum number of calls to one subgraph at a time. Further calls wait.',
      positiveNumber,
      '256',
    ),
    queue: setting(
      'SUBGRAPH_QUEUE',
      'The maximum number of calls that wait for one subgraph. Further calls fail at once.',
      wholeNumber,
      '1024',
    ),
  },
  subgraphHttp: {
    connectTimeoutMs: setting(
      'SUBGRAPH_CONNECT_TIMEOUT',
      'The time limit for connecting to a subgraph.',
      duration,
      '2s',
    ),
    maxResponseBytes: setting(
      'SUBGRAPH_MAX_RESPONSE',
      'The maximum size of an answer of a subgraph. Larger answers are not read, and their fields are null with an error.',
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
