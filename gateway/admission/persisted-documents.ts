import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { isObject } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import type { Question } from './graphql-request.ts';
import type { RegisteredDocuments } from './registered-documents.ts';

/**
 * Modes of accepting documents. `log`: all documents; the log reports unregistered ones. `allow-list`: registered ones,
 * sent in full or by id. `ids`: registered ones, by id only.
 */
export const documentModes = ['log', 'allow-list', 'ids'] as const;
export type DocumentMode = (typeof documentModes)[number];

export type PersistedDocumentsOptions = {
  /** Returns the documents that are registered now; undefined when none can be registered. */
  readonly registered: (() => RegisteredDocuments) | undefined;
  readonly modeOf: (context: GatewayContext) => DocumentMode;
};

/** The document of a request. */
export type FoundDocument = {
  readonly source: string;
  /** Undefined if none can be registered. */
  readonly isRegistered: boolean | undefined;
};

/** Total characters of the documents that callers registered themselves. The least recently used are dropped first. */
const automaticCharacters = 16 * 1024 * 1024;

/**
 * Creates the look-up of documents by `documentId` as in GraphQL over HTTP, or by Apollo's `persistedQuery`. It returns
 * undefined when the request names none, and throws a Refusal. In mode `log` a caller may register a document by
 * sending it with its hash. This gateway alone keeps it, until others replace it.
 * https://github.com/graphql/graphql-over-http/blob/persisted-documents/spec/Appendix%20A%20--%20Persisted%20Documents.md
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function createPersistedDocuments({ registered, modeOf }: PersistedDocumentsOptions) {
  const automatic = new LRUCache<string, string>({
    maxSize: automaticCharacters,
    sizeCalculation: (document) => document.length + 64,
  });

  return (asked: Question, context: GatewayContext): FoundDocument | undefined => {
    const id = idOf(asked);
    const { query } = asked;
    const mode = modeOf(context);
    const known = registered?.();
    const found = (source: string) => ({ source, isRegistered: known?.has(source) });

    if (query === undefined) {
      if (id === undefined) return undefined;
      const document = known?.find(id) ?? (mode === 'log' ? automatic.get(id) : undefined);
      if (document === undefined) throw notFound();
      return found(document);
    }
    if (id !== undefined && hash('sha256', query) !== id) {
      throw new Refusal('BAD_REQUEST', 'The hash is not the SHA-256 of the document that came with it.', {
        messageZh: '所给哈希不是随附文档的 SHA-256。',
      });
    }
    if (mode === 'ids') {
      throw refused(
        'Send the id of a registered document and no document text.',
        '请只发送已登记文档的标识,不发送文档正文。',
      );
    }
    if (mode === 'allow-list' && !known?.has(query)) {
      throw refused('Ask the operator to register it.', '请联系运维人员登记该文档。');
    }
    if (id !== undefined) automatic.set(id, query);
    return found(query);
  };
}

/** Returns the id of a document; for a hash without its prefix, as in manifests. */
function idOf({ query, documentId, persistedQuery }: Question): string | undefined {
  if (documentId !== undefined) {
    if (typeof documentId !== 'string' || query !== undefined) {
      throw new Refusal('BAD_REQUEST', '"documentId" must be a string. Send it instead of "query".', {
        messageZh: '“documentId”须为字符串,并代替“query”发送。',
      });
    }
    return documentId.replace(/^sha256:/, '');
  }
  if (persistedQuery === undefined) return undefined;
  const { version, sha256Hash } = isObject(persistedQuery) ? persistedQuery : {};
  if (version !== 1 || typeof sha256Hash !== 'string') {
    throw new Refusal(
      'BAD_REQUEST',
      '"extensions.persistedQuery" must be {"version": 1, "sha256Hash": "..."}.',
      { messageZh: '“extensions.persistedQuery”须为 {"version": 1, "sha256Hash": "..."}。' },
    );
  }
  return sha256Hash;
}

const notKnown = { messageZh: '网关没有该哈希或标识的文档。请连同文档正文与哈希一并发送。' };

/** Apollo's clients know this message, and send the full document next. */
const notFound = () =>
  new Refusal('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', notKnown, {
    'cache-control': 'no-store',
  });

const refused = (advice: string, adviceZh: string) =>
  new Refusal('DOCUMENT_REFUSED', `The hub answers only registered documents. ${advice}`, {
    messageZh: `本系统只答复已登记的文档。${adviceZh}`,
  });
