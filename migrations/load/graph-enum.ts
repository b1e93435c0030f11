import { readMember, subgraphNames, subgraphSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { Kind, parse } from 'graphql';
import { z } from 'zod';

const agencies = subgraphNames.map((name) =>
  readMember(name, new URL(`../../subgraphs/${name}/`, import.meta.url)),
);
const valuesByEnum = new Map(
  agencies
    .flatMap((agency) => parse(subgraphSdl(agency), { noLocation: true }).definitions)
    .filter((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION)
    .map(({ name, values = [] }) => [name.value, values.map((value) => value.name.value)]),
);

/** Returns a schema for the values of an enum of the graph: records may only hold values that callers can read. */
export function graphEnum(name: string) {
  const values = valuesByEnum.get(name);
  if (!values) throw new Error(`The graph has no enum ${name}.`);
  return z.enum(values);
}
