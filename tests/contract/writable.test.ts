import { readWritable } from '@wenshu/gateway/supergraph/writable.ts';
import { compose } from '@wenshu/schema/compose.ts';
import { sharingSdl } from '@wenshu/schema/sharing.ts';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@external", "@requires"]) ${sharingSdl}`;
const query = 'type Query @sharing(class: UNCONDITIONAL, owner: CULTURE_TOURISM) { parks: Int }';

const composing = (mutation: string) =>
  compose([{ name: 'parks', url: 'http://parks', sdl: `${link} ${query} type Mutation { ${mutation} }` }]);

describe('composition', () => {
  it('refuses a mutation that does not say who may make the change', () => {
    expect(() => composing('closePark: Int')).toThrow(
      'Mutation.closePark in parks does not say who may make the change: write @writable(roles:) on it.',
    );
  });

  it('refuses a role that there is none of', () => {
    expect(() => composing('closePark: Int @writable(roles: [viewer])')).toThrow(
      'Mutation.closePark in parks has an @writable that cannot be',
    );
  });

  it('keeps who may make a change in the supergraph, where the gateway reads it', () => {
    const { supergraph } = composing(
      'closePark: Int @writable(departments: [CULTURE_TOURISM], roles: [leader], actions: [RATE_REQUEST])',
    );
    expect(Object.fromEntries(readWritable(parse(supergraph)))).toEqual({
      closePark: {
        departments: ['CULTURE_TOURISM'],
        roles: ['leader'],
        actions: ['RATE_REQUEST'],
        isOfAgency: true,
        subgraph: 'parks',
      },
    });
  });
});
