import type { DocumentNode } from 'graphql';
import { hasDirective, isOutput, type Refuse, type SubgraphDocument } from './declared-sharing.ts';
import { membersOf, type Writable, writableOf } from './sharing.ts';

/** Returns who may make each change, by coordinate. Refuses a mutation field that does not say it. */
export function writableFields(
  subgraphs: readonly SubgraphDocument[],
  refuse: Refuse,
): Map<string, Writable> {
  const found = new Map<string, Writable>();
  for (const { name, document } of subgraphs) {
    for (const member of mutationsIn(document)) {
      const coordinate = `Mutation.${member.name.value}`;
      if (hasDirective(member, 'external')) continue;
      try {
        const writable = writableOf(member);
        if (writable) found.set(coordinate, writable);
        else
          refuse(
            `${coordinate} in ${name} does not say who may make the change: write @writable(roles:) on it.`,
          );
      } catch (error) {
        refuse(`${coordinate} in ${name} has an @writable that cannot be: ${(error as Error).message}`);
      }
    }
  }
  return found;
}

const mutationsIn = (document: DocumentNode) =>
  document.definitions
    .filter(
      (definition) => isOutput(definition) && 'name' in definition && definition.name?.value === 'Mutation',
    )
    .flatMap(membersOf);
