import { signCall } from '@wenshu/schema/signature.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { keyRing } from '../support/signing.ts';
import type { Json } from './json.ts';

/** A question with its right answer, learned from the subgraphs themselves and not from the gateway. */
export interface Question {
  readonly body: string;
  readonly expected: Json;
}

/** Of the key that gateways and subgraphs have. */
export const keyId = 'faults';

/** Agencies other than parks, whose fields stand on each park and at the root. */
export type Neighbour = Exclude<SubgraphName, 'parks'>;

const onPark: Readonly<Record<Neighbour, string>> = {
  enterprises: 'enterprises(first: 3) { totalCount nodes { id nameZh } }',
  events: 'events(first: 3) { totalCount nodes { id nameZh } }',
  party: 'partyUnits { id nameZh }',
  policies: 'policies(first: 3) { totalCount nodes { id nameZh } }',
};
const atRoot: Readonly<Record<Neighbour, string>> = {
  enterprises: 'enterprises(first: 5) { totalCount nodes { id nameZh } }',
  events: 'events(first: 5) { totalCount nodes { id nameZh } }',
  party: 'partyUnits(first: 5) { totalCount nodes { id nameZh } }',
  policies: 'policies(first: 5) { totalCount nodes { id nameZh } }',
};
const ofPark = 'id nameZh kind';
const parksAsked = 6;

export const neighbours = Object.keys(onPark) as readonly Neighbour[];

/** Whose a field is, wherever in the questions it stands. */
export const ownerOf: ReadonlyMap<string, SubgraphName> = new Map([
  ['enterprises', 'enterprises'],
  ['events', 'events'],
  ['park', 'parks'],
  ['parks', 'parks'],
  ['partyUnits', 'party'],
  ['policies', 'policies'],
]);

export interface Questions {
  /** A page of parks with the fields of these agencies. */
  page(of: readonly Neighbour[]): Question;
  /** One park each, with the fields of every agency. */
  readonly single: readonly Question[];
}

type Ask = (subgraph: SubgraphName, query: string, variables?: Json) => Promise<Json>;
type Park = { readonly id: string } & Json;

/** Asks each subgraph directly, one entity at a time, and joins by hand. */
export async function learnQuestions(origins: ReadonlyMap<SubgraphName, string>): Promise<Questions> {
  const ask: Ask = (name, query, variables = {}) =>
    askDirectly(name, `${origins.get(name)}`, query, variables);
  const { parks } = (await ask(
    'parks',
    `{ parks(first: ${parksAsked}) { totalCount nodes { ${ofPark} } } }`,
  )) as { parks: { totalCount: number; nodes: Park[] } };

  const learned = await Promise.all(
    neighbours.map(async (name) => {
      const root = await ask(name, `{ ${atRoot[name]} }`);
      const byId = new Map<string, Json>();
      for (const { id } of parks.nodes) byId.set(id, await askPark(ask, name, id));
      return [name, { root, byId }] as const;
    }),
  );
  const known = new Map(learned);
  const wholePark = (park: Park, names: readonly Neighbour[]): Json =>
    Object.assign({ ...park }, ...names.map((name) => known.get(name)?.byId.get(park.id)));

  return {
    page(names) {
      const fields = names.map((name) => onPark[name]).join(' ');
      const roots = names.map((name) => atRoot[name]).join(' ');
      const query = `query Page { parks(first: ${parksAsked}) { totalCount nodes { ${ofPark} ${fields} } } ${roots} }`;
      return {
        body: JSON.stringify({ query }),
        expected: Object.assign(
          { parks: { ...parks, nodes: parks.nodes.map((park) => wholePark(park, names)) } },
          ...names.map((name) => known.get(name)?.root),
        ),
      };
    },
    single: parks.nodes.map((park) => ({
      body: JSON.stringify({
        query: `query One($id: ID!) { park(id: $id) { ${ofPark} ${Object.values(onPark).join(' ')} } }`,
        variables: { id: park.id },
      }),
      expected: { park: wholePark(park, neighbours) },
    })),
  };
}

async function askPark(ask: Ask, name: Neighbour, id: string): Promise<Json> {
  const { _entities } = await ask(
    name,
    `query ($asked: [_Any!]!) { _entities(representations: $asked) { ... on Park { ${onPark[name]} } } }`,
    { asked: [{ __typename: 'Park', id }] },
  );
  return (_entities as Json[])[0] ?? {};
}

async function askDirectly(
  name: SubgraphName,
  origin: string,
  query: string,
  variables: Json,
): Promise<Json> {
  const contentType = 'application/json';
  const call = {
    method: 'POST',
    target: '/graphql',
    contentType,
    body: JSON.stringify({ query, variables }),
  };
  const response = await fetch(`${origin}/graphql`, {
    method: call.method,
    headers: { 'content-type': contentType, ...signCall(keyRing(keyId), name, call, {}) },
    body: call.body,
  });
  const { data, errors } = (await response.json()) as { data: Json; errors?: unknown };
  if (errors) throw new Error(`${origin} cannot answer: ${JSON.stringify(errors)}`);
  return data;
}
