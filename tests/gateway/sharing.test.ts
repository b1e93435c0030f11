import { declaresSharing, readSharing } from '@wenshu/gateway/supergraph/sharing.ts';
import { sharingSdl } from '@wenshu/schema/sharing.ts';
import { expect, it } from 'vitest';

const supergraph = `${sharingSdl}
  type Park {
    id: ID! @sharing(class: UNCONDITIONAL, owner: CULTURE_TOURISM, open: true)
    rent: Int @sharing(class: WITHHELD, owner: CULTURE_TOURISM, masked: true, basis: "统计法")
    secret: Int
  }
  input ParkFilter { rent: Int @sharing(class: CONDITIONAL, owner: CULTURE_TOURISM) }
  enum ParkOrderField { RENT @sharing(class: CONDITIONAL, owner: CULTURE_TOURISM) }`;

it('reads what fields, input fields and orders say of their sharing', () => {
  const sharing = readSharing(supergraph);
  const conditional = { class: 'CONDITIONAL', owner: 'CULTURE_TOURISM', open: false, masked: false };
  expect(sharing.of('Park.id')).toEqual({ ...conditional, class: 'UNCONDITIONAL', open: true });
  expect(sharing.of('Park.rent')).toEqual({
    ...conditional,
    class: 'WITHHELD',
    masked: true,
    basis: '统计法',
  });
  expect(sharing.of('ParkFilter.rent')).toEqual(conditional);
  expect(sharing.of('ParkOrderField.RENT')).toEqual(conditional);
});

it('distinguishes a field without a class from a graph without classes', () => {
  expect(readSharing(supergraph).of('Park.secret')).toBeUndefined();
  expect([supergraph, 'type Query { park: Int }'].map(declaresSharing)).toEqual([true, false]);
});

it('refuses a class that there is none of', () => {
  const wrong = `${sharingSdl} type Park { id: ID! @sharing(class: SECRET, owner: CULTURE_TOURISM) }`;
  expect(() => readSharing(wrong)).toThrow('Argument "class" has invalid value SECRET.');
});
