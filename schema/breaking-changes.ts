import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** Returns what callers of the API `before` lose with the API `after`, one sentence for each change. */
export async function listBreakingChanges(before: string, after: string): Promise<string[]> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .map((change) => `${change.path ? `${change.path}: ` : ''}${change.message}`)
    .sort();
}
