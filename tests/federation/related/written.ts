import { readFileSync } from 'node:fs';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { astFromValue, buildSchema, type GraphQLInputType, parseType, print, typeFromAST } from 'graphql';

export const schema = buildSchema(readFileSync(composedFiles.api, 'utf8'));

/** A value as it is written in a document. */
export function written(value: unknown, type: string): string {
  const node = astFromValue(value, typeFromAST(schema, parseType(type) as never) as GraphQLInputType);
  return node ? print(node) : 'null';
}
