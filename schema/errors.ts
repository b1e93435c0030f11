import { GraphQLError } from 'graphql';

/**
 * HTTP status for each value of `extensions.code`: the status of an answer whose whole request failed with this code. Codes are for
 * programs: a published code is never renamed.
 */
export const statusOf = {
  AUDIT_UNAVAILABLE: 503,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 200,
  BODY_TOO_LARGE: 413,
  CONFLICT: 200,
  CURSOR_EXPIRED: 200,
  DOCUMENT_REFUSED: 403,
  EVIDENCE_MISSING: 200,
  EXPORT_INTERRUPTED: 503,
  EXPORT_REFUSED: 400,
  FORBIDDEN: 403,
  GOING_AWAY: 503,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  IDENTITY_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
  INTROSPECTION_REFUSED: 403,
  KEY_REUSED: 200,
  LIST_SIZE_REQUIRED: 400,
  METHOD_NOT_ALLOWED: 405,
  NOT_EXEMPTIBLE: 200,
  NOT_FOUND: 404,
  NOT_SHARED: 200,
  OPERATION_RESOLUTION_FAILURE: 400,
  OPERATION_UNPLANNABLE: 500,
  OVER_BUDGET: 200,
  OVERLOADED: 503,
  PERSISTED_QUERY_NOT_FOUND: 200,
  PERSONAL_DATA: 200,
  QUERY_TOO_COSTLY: 400,
  QUERY_TOO_DEEP: 400,
  QUOTA_EXCEEDED: 429,
  RATE_LIMITED: 429,
  SCHEMA_CHANGED: 200,
  SECOND_PERSON: 200,
  SLOW_READER: 200,
  SUBGRAPH_TIMEOUT: 200,
  SUBGRAPH_UNAVAILABLE: 200,
  SUBSCRIPTION_ENDED: 200,
  TOO_MANY_ALIASES: 400,
  TOO_MANY_CONDITIONS: 400,
  TOO_MANY_CONNECTIONS: 429,
  TOO_MANY_FIELDS: 400,
  TOO_MANY_RELATED: 200,
  TOO_MANY_ROOT_FIELDS: 400,
  TOO_MANY_SUBSCRIPTIONS: 429,
  TOO_MANY_TOKENS: 400,
  UNAUTHENTICATED: 401,
  UNAUTHORIZED_FIELD_OR_TYPE: 200,
  VARIABLES_TOO_DEEP: 400,
  WRONG_STAGE: 200,
} as const;

export type ErrorCode = keyof typeof statusOf;

const denialCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'FORBIDDEN',
  'NOT_SHARED',
  'UNAUTHENTICATED',
  'UNAUTHORIZED_FIELD_OR_TYPE',
]);

/** Whether a code says that the caller may not see what it asked for, or a part of it. */
export const isDenial = (code: string): boolean => denialCodes.has(code);

/** A message in both languages of the hub. */
export type Words = { readonly message: string; readonly messageZh: string };

/** The members of `extensions` beside the code. Every error says in Chinese what its message says in English. */
export type Details = Pick<Words, 'messageZh'> & Readonly<Record<string, unknown>>;

/** An error whose message is meant for the caller. All other errors are masked. */
export class HubError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: Details) {
    super(message, { extensions: { code, ...details } });
    this.name = 'HubError';
    this.code = code;
  }
}

/** An argument of the caller is wrong; `argument` is its path, such as `filter.floorArea.gte`. */
export const badInput = (argument: string, message: string, messageZh: string) =>
  new HubError('BAD_USER_INPUT', message, { argument, messageZh });

/** The object to change does not exist, or the caller may not change it. */
export const notFound = (what: string, whatZh: string, id: string) =>
  new HubError('NOT_FOUND', `${what} "${id}" does not exist.`, { id, messageZh: `${whatZh}“${id}”不存在。` });

/** The object to change is in a state that does not allow the change. */
export const conflict = (message: string, details: Details) => new HubError('CONFLICT', message, details);
