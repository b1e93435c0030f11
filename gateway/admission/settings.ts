import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isLoopbackHost } from '../http/loopback.ts';
import { type Kind, setting, type ValuesOf } from '../lib/setting.ts';
import {
  anyText,
  cost,
  duration,
  oneOf,
  positiveNumber,
  postgresAddress,
  wholeNumber,
} from '../lib/setting-kinds.ts';
import type { DepartmentOptions } from './departments.ts';
import { documentModes } from './persisted-documents.ts';
import type { SharedStore } from './rate-store.ts';

/** Issuer of development tokens. No identity provider can have this name. */
export const developmentIssuer = 'wenshu-development';

const access: Kind<boolean | 'optional'> = {
  parse: (text) => (/^[01]$/.test(text) ? text === '1' : text === 'optional' ? text : undefined),
  rule: (text) => `must be 1, 0 or optional, not "${text}"`,
};

const isAddress = (text: string) => /^https?:/.test(text);

/** The address must be safe: anybody who can change the keys on their way can sign for any caller. */
const jwks: Kind<URL> = {
  parse(text) {
    if (!isAddress(text)) return pathToFileURL(resolve(text));
    const url = URL.parse(text);
    return url && (url.protocol === 'https:' || isLoopbackHost(url.hostname)) ? url : undefined;
  },
  rule: () => 'must be like https://id.example/jwks.json, or a file',
};

const issuer: Kind<string> = {
  parse: (text) => (text === developmentIssuer ? undefined : text),
  rule: (text) => `must not be "${text}", which is of the development key`,
};

/** Address of Redis. The error message does not repeat the value, because it may contain a password. */
const redisAddress: Kind<string> = {
  parse: (text) => (/^rediss?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined),
  rule: () => 'must be like redis://user:password@host:6379/0',
};

export const settings = {
  access: setting(
    'ACCESS',
    'Whether callers must say who they are: 1, 0, or optional (default: 1 for start, and wherever JWKS is set).',
    access,
  ),
  identityProvider: {
    jwks: setting('JWKS', 'Public keys of the identity provider: an https address or a file.', jwks),
    issuer: setting('JWT_ISSUER', 'What its tokens carry as iss.', issuer),
    audience: setting('JWT_AUDIENCE', 'What its tokens for this hub carry as aud.', anyText, 'wenshu'),
  },
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT',
    'After how long a request is answered with what there is.',
    duration,
    '30s',
  ),
  maxInFlight: setting(
    'MAX_IN_FLIGHT',
    'How many requests may be under way; more are answered 503 at once.',
    positiveNumber,
    '512',
  ),
  queryLimits: {
    depth: setting('QUERY_DEPTH', 'How many levels of fields an operation may have.', positiveNumber, '12'),
    aliases: setting(
      'QUERY_ALIASES',
      'How many aliases an operation may have, fragments spelled out.',
      wholeNumber,
      '15',
    ),
    rootFields: setting(
      'QUERY_ROOT_FIELDS',
      'How many fields an operation may have at its root.',
      positiveNumber,
      '10',
    ),
    // A few tokens can spread a fragment a billion times.
    fields: setting(
      'QUERY_FIELDS',
      'How many fields an operation may have, fragments spelled out.',
      positiveNumber,
      '2000',
    ),
    tokens: setting(
      'QUERY_TOKENS',
      'How many tokens (names, values, brackets) a document may have.',
      positiveNumber,
      '2000',
    ),
    variableDepth: setting(
      'QUERY_VARIABLE_DEPTH',
      'How many levels of lists and objects a variable may have.',
      positiveNumber,
      '50',
    ),
    conditions: setting(
      'QUERY_CONDITIONS',
      'How many conditions, orders and groups an operation may have, those in variables included.',
      positiveNumber,
      '200',
    ),
    cost: setting('QUERY_COST', 'What an operation may cost, by @cost and @listSize.', cost, '50000'),
  },
  assumedListSize: setting(
    'QUERY_LIST_SIZE',
    'How many items a list is taken to have for that, where nothing tells.',
    positiveNumber,
    '10',
  ),
  rateLimits: {
    department: {
      costPerMinute: setting(
        'DEPARTMENT_RATE',
        'Query cost that a department, or a user of a graph without them, may ask for in a minute; 0 for no limit.',
        cost,
        '1000000',
      ),
      costPerDay: setting(
        'DEPARTMENT_QUOTA',
        'Query cost that a department, or a user of a graph without them, may ask for in a day; 0 for no limit.',
        cost,
        '200000000',
      ),
    },
    partner: {
      costPerMinute: setting(
        'PARTNER_RATE',
        'Query cost that a key of a partner (unless it says otherwise), or a network without a token, may ask for in a minute.',
        cost,
        '100000',
      ),
      costPerDay: setting(
        'PARTNER_QUOTA',
        'Query cost that a key of a partner (unless it says otherwise), or a network without a token, may ask for in a day.',
        cost,
        '5000000',
      ),
    },
  },
  rateStore: {
    redis: setting(
      'REDIS_URL',
      'Redis or Valkey in which gateways count together what callers ask for.',
      redisAddress,
    ),
    postgres: setting(
      'USAGE_DATABASE_URL',
      'PostgreSQL in which they do so where there is no REDIS_URL; without either each counts alone.',
      postgresAddress,
    ),
  },
  gateways: setting(
    'GATEWAYS',
    'How many gateways do so: each allows its part of a limit while the store is down.',
    positiveNumber,
    '1',
  ),
  documentsPath: setting(
    'PERSISTED_DOCUMENTS',
    'File or folder of registered documents: .json manifests of Relay or Apollo, .graphql documents.',
    anyText,
  ),
  documentMode: setting(
    'DOCUMENT_MODE',
    `Which documents are answered (${documentModes.join(', ')}): any, registered ones, those by id only.`,
    oneOf(documentModes),
    'log',
  ),
};

type Values = ValuesOf<typeof settings>;

/**
 * Returns the identity provider. `JWT_ISSUER` is set whenever `JWKS` is, because readConfig refuses one without the
 * other.
 */
export const identityProviderOf = ({
  jwks,
  issuer = '',
  audience,
}: Values['identityProvider']): DepartmentOptions | undefined => jwks && { jwks, issuer, audience };

/** Returns the shared store; Redis when both are configured. */
export function rateStoreOf({ redis, postgres }: Values['rateStore']): SharedStore | undefined {
  if (redis !== undefined) return { kind: 'redis', url: redis };
  return postgres === undefined ? undefined : { kind: 'postgres', url: postgres };
}
