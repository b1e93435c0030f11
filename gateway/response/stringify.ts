import type { FormattedExecutionResult } from 'graphql';
import { DataText } from '../lib/data-text.ts';

/** Writes an answer as JSON. Data that the executor already wrote as text is inserted unchanged. */
export function stringifyResult({ errors, data, ...rest }: FormattedExecutionResult): string {
  // Errors come first, as section 7.1 of the GraphQL specification recommends.
  const members: string[] = [];
  if (errors !== undefined) members.push(`"errors":${JSON.stringify(errors)}`);
  if (data !== undefined) members.push(`"data":${isWritten(data) ? data.text : JSON.stringify(data)}`);
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
  return `{${members.join(',')}}\n`;
}

const isWritten = (data: unknown): data is DataText => data instanceof DataText;
