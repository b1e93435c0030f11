import fc from 'fast-check';
import { type Column, type Table, tables } from './oracle.ts';

type Json = Record<string, unknown>;

/** Where the values of a question stand. */
export const ways = ['in the text', 'in variables', 'in both'] as const;

export type Question = {
  readonly list: string;
  readonly filter: Json;
  readonly orderBy: readonly Json[];
  readonly way: (typeof ways)[number];
  readonly size: number;
};

type Draw = fc.GeneratorValue;

const relationsDeep = 3;

/** Choices that fast-check can make smaller. */
export function choices(draw: Draw) {
  const below = (count: number) => draw(fc.nat, { max: count - 1 });
  return {
    below,
    chance: (percent: number) => below(100) < percent,
    among: <Item>(items: readonly Item[]) => items[below(items.length)] as Item,
  };
}

/** A filter and an order over whatever is related, of any list. */
export const anyQuestion: fc.Arbitrary<Question> = fc.gen().map((draw) => {
  const { below, chance, among } = choices(draw);
  const order = (table: Table, deep: number): Json => {
    if (deep > 0 && chance(60)) {
      const [name, { to }] = among(Object.entries(table.relations));
      return { [name]: order(tables[to] as Table, deep - 1) };
    }
    return { field: among(Object.keys(table.orders)), direction: among(['ASC', 'DESC']) };
  };

  const [list, table] = among(Object.entries(tables));
  return {
    list,
    filter: anyFilter(draw, table),
    orderBy: Array.from({ length: below(3) }, () => order(table, 2)),
    way: among(ways),
    size: 7 + below(60),
  };
});

/** A filter over whatever is related to the rows of a list. */
export function anyFilter(draw: Draw, table: Table): Json {
  const { below, chance, among } = choices(draw);
  const value = ({ of }: Column): unknown =>
    ({
      Yuan: () => among(['0.25', '100.25', '200.25', '1000.1', '10000000000000000.01']),
      Decimal: () => among(['1000.5', '3001.5']),
      Int: () => 2015 + below(10),
      Date: () => among(['2001-04-11', '2021-01-31', '2021-05-31', '2023-02-01', '2023-03-02']),
      Boolean: () => chance(50),
    })[of]();

  const condition = (column: Column): Json => {
    if (chance(15)) return { isNull: chance(50) };
    const operator = column.of === 'Boolean' ? 'eq' : among(['eq', 'gt', 'lte']);
    return { [operator]: value(column) };
  };

  const filter = (table: Table, deep: number, left = 2): Json => {
    const parts: Json = {};
    for (let count = below(3); count > 0; count--) {
      const columns = Object.entries(table.columns);
      const junction = left > 0 && chance(25) ? among(['and', 'or', 'not']) : undefined;
      if (junction === 'not') parts.not = filter(table, deep, left - 1);
      else if (junction) {
        parts[junction] = Array.from({ length: 1 + below(2) }, () => filter(table, deep, left - 1));
      } else if (deep > 0 && (chance(70) || columns.length === 0)) Object.assign(parts, related(table, deep));
      else if (columns.length > 0) {
        const [name, column] = among(columns);
        parts[name] = condition(column);
      }
    }
    return parts;
  };

  const related = (table: Table, deep: number): Json => {
    const [name, { to, isList }] = among(Object.entries(table.relations));
    if (chance(5)) return { [name]: null };
    const inner = () => filter(tables[to] as Table, deep - 1, 1);
    if (!isList) return { [name]: { ...inner(), ...(chance(30) && { exists: chance(40) }) } };
    const kinds = chance(80) ? [among(['some', 'none', 'every'])] : ['some', 'every'];
    const parts = chance(15)
      ? { exists: chance(50) }
      : Object.fromEntries(kinds.map((kind) => [kind, inner()]));
    return { [name]: parts };
  };

  return filter(table, relationsDeep);
}
