import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { parse } from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';

/** The query field is there because a graph needs one; it also answers an event, of which it has the form. */
export const sdls = {
  parks: `${link}
    type Query { parkChanged(id: ID): Park }
    type Subscription { parkChanged(id: ID): Park }
    type Park @key(fields: "id") { id: ID! name: String at: Float }`,
  sizes: `${link}
    type Query { none: Int }
    type Park @key(fields: "id") { id: ID! size: Int }`,
} as const;

export function supergraphOf(address: string): string {
  const result = composeServices(
    Object.entries(sdls).map(([name, sdl]) => ({
      name,
      url: new URL(`/${name}`, address).href,
      typeDefs: parse(sdl),
    })),
  );
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}
