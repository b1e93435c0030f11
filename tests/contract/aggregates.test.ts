import { readFileSync } from 'node:fs';
import { readSharing } from '@wenshu/gateway/supergraph/sharing.ts';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';

const supergraph = readFileSync(composedFiles.supergraph, 'utf8');
const sharing = readSharing(supergraph);
const api = buildSchema(readFileSync(composedFiles.api, 'utf8'));

/** The lists with aggregates: the type of their rows, and the filter that these are made from. */
const lists = Object.values(api.getQueryType()?.getFields() ?? {}).flatMap(({ type, args }) => {
  const filter = getNamedType(args.find(({ name }) => name === 'filter')?.type);
  return filter ? [[getNamedType(type).name.replace('Connection', ''), filter.name] as const] : [];
});

const namesIn = (typeName: string) => {
  const type = api.getType(typeName);
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  return isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [];
};
const camelCase = (name: string) =>
  name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

describe.each(lists)('to group or to sum up each %s by something', (row, filter) => {
  const conditions = namesIn(filter);
  /** What a dimension or a figure is named for: `foundedOnYear` for `foundedOn`. */
  const conditionOf = (name: string) =>
    conditions
      .filter(
        (each) =>
          name === each ||
          (/^(Year|Month|Province|Prefecture|County)$/.test(name.slice(each.length)) &&
            name.startsWith(each)),
      )
      .at(-1);
  const ofRecords = ['group', 'count', 'share', 'growth', 'groupCount', 'related', 'field', 'direction'];

  it.each(['Dimension', 'Group', 'Aggregate', 'Having', 'AggregateOrder'])(
    'has the class of the filter on it: %s',
    (kind) => {
      const members = namesIn(`${row}${kind}`).filter((name) => !ofRecords.includes(name));
      for (const member of members) {
        const condition = conditionOf(kind === 'Dimension' ? camelCase(member) : member);
        const expected = sharing.of(`${filter}.${condition}`);
        expect(sharing.of(`${row}${kind}.${member}`), `${row}${kind}.${member}`).toEqual(expected);
        expect(expected?.class).not.toBe('WITHHELD');
      }
    },
  );
});
