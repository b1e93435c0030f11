import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import { type GraphqlRequest, readQuestion, withDocument } from './graphql-request.ts';
import { createPersistedDocuments, type PersistedDocumentsOptions } from './persisted-documents.ts';
import { checkShape, checkVariables, type QueryLimits } from './query-limits.ts';

export type CheckDocumentOptions = {
  readonly limits: QueryLimits;
  readonly documents: PersistedDocumentsOptions;
  /** Whether a caller may query the schema (introspection). */
  readonly mayIntrospect: (context: GatewayContext) => boolean;
};

/** Total characters of the documents whose shape is kept in memory. */
const charactersKept = 16 * 1024 * 1024;

/**
 * Creates the check that runs before Apollo Server validates a document, because some documents make validation
 * expensive. It refuses what can be refused without the schema, and remembers accepted documents. It throws a Refusal,
 * or returns the request with its document in full.
 */
export function createCheckDocument({ limits, documents, mayIntrospect }: CheckDocumentOptions) {
  const resolve = createPersistedDocuments(documents);
  const introspecting = new LRUCache<string, boolean>({
    maxSize: charactersKept,
    sizeCalculation: (_, document) => document.length + 64,
  });

  function introspects(source: string): boolean {
    const known = introspecting.get(source);
    if (known !== undefined) return known;
    const shape = checkShape(source, limits);
    // Apollo Server refuses a document that does not parse, and names the position.
    if (shape) introspecting.set(source, shape.introspects);
    return shape?.introspects ?? false;
  }

  return (request: GraphqlRequest, context: GatewayContext): GraphqlRequest => {
    const asked = readQuestion(request);
    if (!asked) return request;
    const found = resolve(asked, context);
    if (!found) return request;
    const { source, isRegistered } = found;
    // Also a document that is refused below is on record.
    context.record?.noteDocument(isRegistered);
    checkVariables(asked.variables, limits);
    if (introspects(source) && !mayIntrospect(context)) {
      throw new Refusal(
        'INTROSPECTION_REFUSED',
        'You may not ask for the schema. Remove __schema and __type.',
        { messageZh: '您无权查询图的结构。请去掉 __schema 与 __type。' },
      );
    }
    const isAsSent = asked.query === source && asked.persistedQuery === undefined;
    return isAsSent ? request : withDocument(request, source);
  };
}

export type CheckDocument = ReturnType<typeof createCheckDocument>;
