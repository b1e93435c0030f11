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
    'Says if callers must identify themselves: 1 (yes), 0 (no) or optional (they may). Without it, callers must for wenshu start, and wherever JWKS is set.',
    access,
  ),
  identityProvider: {
    jwks: setting(
      'JWKS',
      "The identity provider's public keys: an https address or a file. Without it, departments use tokens of the development key, which production refuses.",
      jwks,
    ),
    issuer: setting(
      'JWT_ISSUER',
      "The value of iss in the identity provider's tokens. JWKS needs it.",
      issuer,
    ),
    audience: setting('JWT_AUDIENCE', 'The value of aud in tokens for this hub.', anyText, 'wenshu'),
  },
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT',
    'The time limit of a request. After it, the gateway answers with the data that it has; missing fields are null with an error.',
    duration,
    '30s',
  ),
  maxInFlight: setting(
    'MAX_IN_FLIGHT',
    'The maximum number of requests at a time. The gateway answers more requests with 503 at once.',
    positiveNumber,
    '512',
  ),
  /** What a request may cost and use. */
  requestLimits: {
    queryLimits: {
      depth: setting(
        'QUERY_DEPTH',
        'The maximum number of levels of fields in an operation. Deeper operations are refused.',
        positiveNumber,
        '12',
      ),
      aliases: setting(
        'QUERY_ALIASES',
        'The maximum number of aliases in an operation, counted in every place of a fragment. Operations with more are refused.',
        wholeNumber,
        '15',
      ),
      rootFields: setting(
        'QUERY_ROOT_FIELDS',
        'The maximum number of fields at the root of an operation. Operations with more are refused.',
        positiveNumber,
        '10',
      ),
      // A few tokens can spread a fragment a billion times.
      fields: setting(
        'QUERY_FIELDS',
        'The maximum number of fields in an operation, counted in every place of a fragment. Operations with more are refused.',
        positiveNumber,
        '2000',
      ),
      tokens: setting(
        'QUERY_TOKENS',
        'The maximum number of tokens (names, values, brackets) in a document. Documents with more are refused.',
        positiveNumber,
        '2000',
      ),
      variableDepth: setting(
        'QUERY_VARIABLE_DEPTH',
        'The maximum number of levels of lists and objects in a variable. Deeper variables are refused.',
        positiveNumber,
        '50',
      ),
      conditions: setting(
        'QUERY_CONDITIONS',
        'The maximum number of conditions, orders and groups in an operation, including those in variables. Operations with more are refused.',
        positiveNumber,
        '200',
      ),
      cost: setting(
        'QUERY_COST',
        'The maximum cost of an operation, computed from @cost and @listSize. Operations that cost more are refused.',
        cost,
        '50000',
      ),
    },
    assumedListSize: setting(
      'QUERY_LIST_SIZE',
      'The number of items that the cost assumes for a list whose size the schema does not declare.',
      positiveNumber,
      '10',
    ),
    rateLimits: {
      department: {
        costPerMinute: setting(
          'DEPARTMENT_RATE',
          'The query cost that a department may use in a minute; 0 means no limit. Without departments in the graph, it limits each user. Further requests get 429.',
          cost,
          '1000000',
        ),
        costPerDay: setting(
          'DEPARTMENT_QUOTA',
          'The query cost that a department may use in a day; 0 means no limit. Without departments in the graph, it limits each user. Further requests get 429.',
          cost,
          '200000000',
        ),
      },
      partner: {
        costPerMinute: setting(
          'PARTNER_RATE',
          'The query cost that a partner key without a limit of its own, or a network without a token, may use in a minute; 0 means no limit. Further requests get 429.',
          cost,
          '100000',
        ),
        costPerDay: setting(
          'PARTNER_QUOTA',
          'The query cost that a partner key without a limit of its own, or a network without a token, may use in a day; 0 means no limit. Further requests get 429.',
          cost,
          '5000000',
        ),
      },
    },
    gateways: setting(
      'GATEWAYS',
      'The number of gateways that count together. While their store is down, each gateway allows one GATEWAYS-th of a limit.',
      positiveNumber,
      '1',
    ),
    documentMode: setting(
      'DOCUMENT_MODE',
      `The documents that the gateway answers (${documentModes.join(', ')}): all, only registered ones, or only registered ones by id.`,
      oneOf(documentModes),
      'log',
    ),
  },
  rateStore: {
    redis: setting(
      'REDIS_URL',
      'The address of Redis or Valkey, where several gateways count the cost of callers together.',
      redisAddress,
    ),
    postgres: setting(
      'USAGE_DATABASE_URL',
      'The address of a PostgreSQL database where gateways count together if REDIS_URL is not set. Without both, each gateway counts alone.',
      postgresAddress,
    ),
  },
  documentsPath: setting(
    'PERSISTED_DOCUMENTS',
    'The file or folder of registered documents: .json manifests of Relay or Apollo, or .graphql documents.',
    anyText,
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
