import { GraphQLError } from 'graphql';

/**
 * Every code that `extensions.code` can carry, with the HTTP status an answer has
 * when the whole request failed for it. Codes are for programs: once published
 * they are never renamed.
 */
export const statusOf = {
  AUDIT_UNAVAILABLE: 503,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 200,
  BODY_TOO_LARGE: 413,
  CONFLICT: 200,
  DOCUMENT_REFUSED: 403,
  EXPORT_INTERRUPTED: 503,
  EXPORT_REFUSED: 400,
  FORBIDDEN: 403,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  IDENTITY_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
  INTROSPECTION_REFUSED: 403,
  LIST_SIZE_REQUIRED: 400,
  NOT_FOUND: 404,
  NOT_SHARED: 200,
  OPERATION_RESOLUTION_FAILURE: 400,
  OPERATION_UNPLANNABLE: 500,
  OVERLOADED: 503,
  PERSISTED_QUERY_NOT_FOUND: 200,
  QUERY_TOO_COSTLY: 400,
  QUERY_TOO_DEEP: 400,
  QUOTA_EXCEEDED: 429,
  RATE_LIMITED: 429,
  SUBGRAPH_TIMEOUT: 200,
  SUBGRAPH_UNAVAILABLE: 200,
  TOO_MANY_ALIASES: 400,
  TOO_MANY_CONDITIONS: 400,
  TOO_MANY_CONNECTIONS: 429,
  TOO_MANY_FIELDS: 400,
  TOO_MANY_RELATED: 200,
  TOO_MANY_ROOT_FIELDS: 400,
  TOO_MANY_TOKENS: 400,
  UNAUTHENTICATED: 401,
  UNAUTHORIZED_FIELD_OR_TYPE: 200,
  VARIABLES_TOO_DEEP: 400,
} as const;

export type ErrorCode = keyof typeof statusOf;

/** An error whose message is meant for the caller; anything else is masked. */
export class HubError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message, { extensions: { code, ...details } });
    this.name = 'HubError';
    this.code = code;
  }
}

/** The caller's argument is wrong; `argument` is its path, as in `filter.floorArea.gte`. */
export const badInput = (argument: string, message: string, messageZh?: string) =>
  new HubError('BAD_USER_INPUT', message, { argument, ...(messageZh && { messageZh }) });

/** What is to be changed is not there, or not the caller's to change. */
export const notFound = (what: string, id: string) =>
  new HubError('NOT_FOUND', `${what} "${id}" does not exist.`, { id });

/** What is to be changed is in a state in which that cannot be done. */
export const conflict = (message: string, details: Record<string, unknown> = {}) =>
  new HubError('CONFLICT', message, details);
