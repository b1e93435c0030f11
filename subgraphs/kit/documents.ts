import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Returns the valid document of a text, or its errors. */
export type DocumentOf = (query: string) => DocumentNode | readonly GraphQLError[];

const documentsKept = 1000;

/** Creates the function that reads documents. It keeps those that were asked last. */
export function keepDocuments(schema: GraphQLSchema): DocumentOf {
  const documents = new LRUCache<string, DocumentNode | readonly GraphQLError[]>({ max: documentsKept });

  function read(query: string): DocumentNode | readonly GraphQLError[] {
    try {
      const document = parse(query);
      const errors = validate(schema, document);
      return errors.length > 0 ? errors : document;
    } catch (error) {
      return [error as GraphQLError];
    }
  }

  return (query) => {
    let document = documents.get(query);
    if (!document) {
      document = read(query);
      documents.set(query, document);
    }
    return document;
  };
}
