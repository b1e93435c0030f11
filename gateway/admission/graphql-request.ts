import { isObject, type Json } from '../lib/json.ts';

/** Parts of an HTTP request that can hold a GraphQL request. */
export type GraphqlRequest = {
  readonly method: string;
  /** Query string including `?`, or `''`. */
  readonly search: string;
  /** Parsed JSON body; undefined without one. */
  readonly body: unknown;
};

/** A GraphQL request: a document or a reference to one, and its variables. */
export type Question = {
  readonly query: string | undefined;
  /**
   * Document id as in the appendix on persisted documents of GraphQL over HTTP: `sha256:…`, or a name chosen by the
   * caller.
   */
  readonly documentId: unknown;
  /** `extensions.persistedQuery` of Apollo's clients. */
  readonly persistedQuery: unknown;
  readonly variables: unknown;
};

/** Reads the GraphQL request. Returns undefined when it cannot be read; Apollo Server then explains the error. */
export function readQuestion({ method, search, body }: GraphqlRequest): Question | undefined {
  if (method === 'GET') return readSearch(new URLSearchParams(search));
  if (!isObject(body)) return undefined;
  const { query, documentId, extensions, variables } = body;
  return {
    query: typeof query === 'string' && query !== '' ? query : undefined,
    documentId: documentId ?? undefined,
    persistedQuery: isObject(extensions) ? (extensions.persistedQuery ?? undefined) : undefined,
    variables,
  };
}

function readSearch(parameters: URLSearchParams): Question | undefined {
  const isAmbiguous = ['query', 'documentId', 'extensions', 'variables'].some(
    (name) => parameters.getAll(name).length > 1,
  );
  if (isAmbiguous) return undefined;
  return {
    query: parameters.get('query') || undefined,
    documentId: parameters.get('documentId') ?? undefined,
    persistedQuery: readObject(parameters, 'extensions').persistedQuery ?? undefined,
    variables: readObject(parameters, 'variables'),
  };
}

function readObject(parameters: URLSearchParams, name: string): Json {
  try {
    const value: unknown = JSON.parse(parameters.get(name) ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Returns the same request with its document in full. */
export function withDocument({ method, search, body }: GraphqlRequest, query: string): GraphqlRequest {
  if (method !== 'GET') {
    const { documentId: _, extensions, ...rest } = isObject(body) ? body : {};
    const others = extensions === undefined ? {} : { extensions: withoutPersistedQuery(extensions) };
    return { method, search, body: { ...rest, ...others, query } };
  }
  const parameters = new URLSearchParams(search);
  parameters.set('query', query);
  parameters.delete('documentId');
  if (parameters.has('extensions')) {
    parameters.set('extensions', JSON.stringify(withoutPersistedQuery(readObject(parameters, 'extensions'))));
  }
  return { method, search: `?${parameters}`, body };
}

function withoutPersistedQuery(extensions: unknown): unknown {
  if (!isObject(extensions)) return extensions;
  const { persistedQuery: _, ...rest } = extensions;
  return rest;
}
