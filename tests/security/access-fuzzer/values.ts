import { metrics, topics } from '@wenshu/schema/metrics.ts';
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';
import { ids, regionCodes } from './rows.ts';

const texts = ['机密', '文', '青岛', 'e', 'Draft', '少见', '园', '798'];
const dates = ['2020-01-01', '2021-06-15', '2024-06-01', '2025-04-01', '2026-01-10'];
const numbers = ['0', '1', '60', '70', '150', '1000', '2000'];

const scalars: Readonly<Record<string, (random: Random) => unknown>> = {
  Boolean: (random) => random.happens(0.6),
  Int: (random) => random.one([0, 1, 2, 3, 2021, 2025]),
  Float: (random) => random.one([0, 1, 50]),
  Decimal: (random) => random.one(numbers),
  Yuan: (random) => random.one(numbers),
  Date: (random) => random.one(dates),
  DateTime: (random) => `${random.one(dates)}T00:00:00Z`,
  String: (random) => random.one(texts),
  CreditCode: () => '91110000633694306J',
};

type By = { readonly random: Random; isSeen(coordinate: string): boolean };

/** Returns a random value of an input as JSON; deeper values are simpler. `place` is the path of the input. */
export function anyValue(type: GraphQLInputType, by: By, depth: number, place: string): unknown {
  const { random, isSeen } = by;
  if (isNonNullType(type)) return anyValue(type.ofType, by, depth, place);
  if (isListType(type)) {
    const count = 1 + (random.happens(0.35) ? 1 : 0);
    return Array.from({ length: count }, () => anyValue(type.ofType, by, depth, place));
  }
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name }) => name);
    const seen = values.filter((name) => isSeen(`${type.name}.${name}`));
    return random.one(seen.length > 0 ? seen : values);
  }
  if (isInputObjectType(type)) return anyObject(type, by, depth, place);
  if (getNamedType(type).name === 'ID' && /[rR]egion|code/.test(place)) return random.one(regionCodes);
  if (getNamedType(type).name === 'ID' && /metric/.test(place)) return random.one(Object.keys(metrics));
  if (getNamedType(type).name === 'ID' && /topic/.test(place)) return random.one(Object.keys(topics));
  if (getNamedType(type).name === 'ID') return anyId(random, place);
  const make = scalars[getNamedType(type).name];
  if (!make) throw new Error(`No value of ${getNamedType(type).name} is known.`);
  return make(random);
}

/** Prefixes of ids, by the place where they are used. */
const kinds: readonly (readonly [place: RegExp, id: RegExp])[] = [
  [/enterprise|claimant|member|group/i, /^(syn-)?ent-/],
  [/event|campaign|venue|partOf/i, /^evt-/],
  [/park/i, /^(syn-)?park-/],
  [/measure/i, /-m\d/],
  [/polic|basis|basedOn/i, /^(pol|draft)/],
  [/inspection/i, /^i-/],
  [/payout/i, /^pay-/],
  [/request/i, /^req-/],
  [/starList/i, /^star-/],
  [/openCallClaim|Claims/i, /^claim-/],
  [/openCall/i, /^call-/],
  [/assessment/i, /^d-/],
  [/blacklist/i, /^b-/],
];

function anyId(random: Random, place: string): string {
  const kind = kinds.find(([named]) => named.test(place));
  return random.one(kind && random.happens(0.9) ? ids.filter((id) => kind[1].test(id)) : ids);
}

function anyObject(
  type: GraphQLInputObjectType,
  by: By,
  depth: number,
  place: string,
): Record<string, unknown> {
  const { random, isSeen } = by;
  const every = Object.values(type.getFields());
  const seen = every.filter((field) => isRequiredInputField(field) || isSeen(`${type.name}.${field.name}`));
  const all = seen.length > 0 ? seen : every;
  const isNested = (each: GraphQLInputType) => isInputObjectType(getNamedType(each));
  const isDeep = (each: GraphQLInputType) => {
    const inner = getNamedType(each);
    return isInputObjectType(inner) && Object.values(inner.getFields()).some((field) => isNested(field.type));
  };
  const open = depth > 0 ? all : all.filter((field) => !isDeep(field.type));
  const required = open.filter(isRequiredInputField);
  const optional = open.filter((field) => !isRequiredInputField(field));
  // An order or a dimension has one field, its own or one of a related row.
  const ofOne = all.some(({ name }) => name === 'field');
  // The condition around an operator gives its meaning.
  const at = (name: string) =>
    all.some((each) => isNested(each.type)) ? `${type.name}.${name}` : `${place} ${type.name}`;
  const value = (name: string, each: GraphQLInputType) => [name, anyValue(each, by, depth - 1, at(name))];
  if (ofOne) {
    const own = open.filter(({ name }) => name === 'field');
    const related = open.filter(({ type: each }) => isNested(each));
    const [field] = random.some(random.happens(0.6) || related.length === 0 ? own : related, 1);
    const direction = open.filter(({ name }) => name === 'direction' && random.happens(0.5));
    return Object.fromEntries(
      [...(field ? [field] : []), ...direction].map(({ name, type: each }) => value(name, each)),
    );
  }
  // Two operators together rarely hold for a row.
  const areOperators = !all.some((each) => isNested(each.type));
  const count = Math.max(required.length > 0 ? 0 : 1, random.happens(areOperators ? 0.05 : 0.25) ? 2 : 1);
  const chosen = [...required, ...random.some(optional, count)];
  return Object.fromEntries(chosen.map(({ name, type: each }) => value(name, each)));
}

/** Returns a value as a literal in a document. */
export function literal(value: unknown, type: GraphQLInputType): string {
  if (value === null) return 'null';
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isListType(type)) {
    return Array.isArray(value)
      ? `[${value.map((each) => literal(each, type.ofType)).join(', ')}]`
      : literal(value, type.ofType);
  }
  if (isEnumType(type)) return String(value);
  if (!isInputObjectType(type)) return JSON.stringify(value);
  const fields = type.getFields();
  const parts = Object.entries(value as Record<string, unknown>).flatMap(([name, part]) =>
    fields[name] ? [`${name}: ${literal(part, fields[name].type)}`] : [],
  );
  return `{${parts.join(', ')}}`;
}
