import type { RowCondition } from '@wenshu/schema/sharing.ts';
import { type GraphQLSchema, getNamedType, isInputObjectType, isNonNullType, isObjectType } from 'graphql';
import type { RowRule } from '../request/authorization.ts';
import type { GraphShape } from '../supergraph/graph-shape.ts';

/** Returns whether a region equals another or lies within it, by their codes. */
export type IsWithin = (region: string, container: string) => boolean;

/** The rows of a type: all, none, or those of a rule. */
export type Rows = 'all' | 'none' | RowRule;

/** Makes row rules for a type; undefined if the type has no field that the rule can test. */
export type RowRules = {
  /**
   * Selects rows in these regions or within them. For a type without a region, the region of the row's enterprise,
   * park or policy counts.
   */
  inRegions(typeName: string, regions: readonly string[]): RowRule | undefined;
  /** Selects the rows that are this park or belong to it. */
  ofPark(typeName: string, park: string): RowRule | undefined;
  /** Selects synthetic rows and real rows. Records of a type without that mark count as real. */
  synthetic(typeName: string): { readonly yes: Rows; readonly no: Rows };
  /** Selects rows with this id at a path of fields. */
  withId(typeName: string, path: readonly string[], id: string): RowRule;
  /**
   * Selects rows of a type whose field holds a row that the rule selects, expressed by a filter of the type itself
   * where possible.
   */
  holding(typeName: string, field: string, held: RowRule): Rows;
  /** Selects the rows that are known not to meet the conditions, and the rows that are known to meet them. */
  meeting(
    typeName: string,
    conditions: readonly RowCondition[],
  ): { readonly no: RowRule; readonly yes: RowRule };
};

export function createRowRules(schema: GraphQLSchema, shape: GraphShape, isWithin: IsWithin): RowRules {
  const typeOfField = (typeName: string, field: string) => {
    const type = schema.getType(typeName);
    const found = isObjectType(type) ? type.getFields()[field] : undefined;
    return found?.args.length === 0 ? getNamedType(found.type).name : undefined;
  };

  const isAlwaysSaid = (typeName: string, field: string) => {
    const type = schema.getType(typeName);
    return isObjectType(type) && isNonNullType(type.getFields()[field]?.type);
  };

  /** Returns a filter of the type's lists on one of its fields; undefined if they do not take it with this operator. */
  const filterBy = (typeName: string, field: string, operator: string, value: string) => {
    const input = getNamedType(shape.filterOf(typeName)?.getFields()[field]?.type);
    return isInputObjectType(input) && input.getFields()[operator]
      ? words(field, operator, value)
      : undefined;
  };

  const pathToRegion = (typeName: string): readonly string[] | undefined => {
    if (typeName === 'Region') return ['code'];
    if (typeOfField(typeName, 'region') === 'Region') return ['region', 'code'];
    const owner = ['enterprise', 'park', 'policy'].find((field) => {
      const type = typeOfField(typeName, field);
      return type !== undefined && typeOfField(type, 'region') === 'Region';
    });
    return owner === undefined ? undefined : [owner, 'region', 'code'];
  };

  const withId: RowRules['withId'] = (typeName, path, id) =>
    rule(path, (value) => value === id, {
      key: JSON.stringify(id),
      filter: filterBy(typeName, idFilterOf(path), 'eq', JSON.stringify(id)),
      ofHolder: (holder, field) => withId(holder, [field, ...path], id),
    });

  const inRegions: RowRules['inRegions'] = (typeName, regions) => {
    const path = pathToRegion(typeName);
    if (!path) return undefined;
    const said = path.length === 1 ? 'code' : 'region';
    const inAny = (say: (region: string) => string | undefined) =>
      joined(
        'or',
        regions.map((region) => say(JSON.stringify(region))),
      );
    const filter = inAny((region) => filterBy(typeName, said, 'within', region));
    const ofOwner = path.length > 2 ? ownersWithin(typeName, path[0] as string, regions) : undefined;
    return rule(path, (code) => typeof code === 'string' && regions.some((each) => isWithin(code, each)), {
      key: `within ${[...regions].sort()}`,
      filter,
      listFilter: filter ?? ofOwner?.listFilter,
      lookup: filter ?? (ofOwner ? ofOwner.lookup : inAny((region) => words(said, 'within', region))),
      ofHolder: (holder, field) =>
        pathToRegion(holder)?.join('.') === [field, ...path].join('.')
          ? inRegions(holder, regions)
          : undefined,
    });
  };

  /** Returns the filter on the region of the row's owner, for lists with conditions on the owner and for lookups. */
  function ownersWithin(typeName: string, owner: string, regions: readonly string[]): Words {
    const ownerType = typeOfField(typeName, owner) as string;
    const filter = joined(
      'or',
      regions.map((region) => filterBy(ownerType, 'region', 'within', JSON.stringify(region))),
    );
    const taken = getNamedType(shape.filterOf(typeName)?.getFields()[owner]?.type);
    return {
      listFilter:
        filter && taken && taken === shape.filterOf(ownerType) ? `{ ${owner}: ${filter} }` : undefined,
      lookup: filter && `{ _holding: { ${owner}: ${filter} } }`,
    };
  }

  /**
   * Returns the rule for rows of one kind. A synthetic record refers to synthetic ones only, and a real one to real
   * ones only, so that the rule need not be repeated for a row that contains them.
   */
  function ofKind(typeName: string, isSynthetic: boolean): RowRule | undefined {
    // A group of rows has a nullable field `synthetic`, which is no mark of a record.
    if (typeOfField(typeName, 'synthetic') !== 'Boolean' || !isAlwaysSaid(typeName, 'synthetic')) {
      return undefined;
    }
    return rule(['synthetic'], (value) => value === isSynthetic, {
      key: String(isSynthetic),
      filter: filterBy(typeName, 'synthetic', 'eq', String(isSynthetic)),
      lookup: words('synthetic', 'eq', String(isSynthetic)),
      ofHolder: (holder) => ofKind(holder, isSynthetic),
    });
  }

  function holding(typeName: string, field: string, held: RowRule): Rows {
    const { parts, ofHolder } = held;
    if (parts) {
      const join = parts.join === 'and' ? both : either;
      return join(...parts.rules.map((part) => holding(typeName, field, part)));
    }
    const own = ofHolder?.(typeName, field);
    return own?.filter === undefined ? heldAt(field, held) : own;
  }

  return {
    withId,
    inRegions,
    holding,
    ofPark(typeName, park) {
      if (typeName === 'Park') return withId(typeName, ['id'], park);
      return typeOfField(typeName, 'park') === 'Park' ? withId(typeName, ['park', 'id'], park) : undefined;
    },
    synthetic(typeName) {
      const [yes, no] = [ofKind(typeName, true), ofKind(typeName, false)];
      if (yes && no) return { yes, no };
      const none = rule(['id'], () => false, { key: 'none', filter: undefined, lookup: noRow });
      return { yes: typeOfField(typeName, 'id') === 'ID' ? none : 'all', no: 'all' };
    },
    meeting(typeName, conditions) {
      const key = JSON.stringify(conditions);
      const needs = [...new Set(conditions.map(({ field }) => field))].join(' ');
      const filter = joined(
        'and',
        conditions.map(({ field, in: values, isNull }) =>
          values
            ? filterBy(typeName, field, 'in', `[${values.join(', ')}]`)
            : filterBy(typeName, field, 'isNull', String(isNull)),
        ),
      );
      // A value that could not be read may be any value. The row is then on neither side, so that it is hidden.
      const test = (read: Read, unknown: boolean) =>
        conditions.every(({ field, in: values, isNull }) => {
          const value = read([field]);
          if (value === undefined) return unknown;
          return values ? values.includes(value as string) : (value === null) === isNull;
        });
      return {
        no: {
          key: `not ${key}`,
          needs,
          includes: (read) => !test(read, true),
          filter: filter && `{ not: ${filter} }`,
          listFilter: filter && `{ not: ${filter} }`,
          lookup: filter && `{ not: ${filter} }`,
        },
        yes: {
          key,
          needs,
          includes: (read) => test(read, false),
          filter,
          listFilter: filter,
          lookup: filter,
        },
      };
    },
  };
}

type Read = Parameters<RowRule['includes']>[0];

/** Writes a condition of a lookup filter. A subgraph may know fields that the lists of the graph have no filter for. */
const words = (field: string, operator: string, value: string) => `{ ${field}: { ${operator}: ${value} } }`;

/** A lookup filter that no row meets. */
const noRow = '{ or: [] }';

/** Returns the filter field for a path: `enterpriseId` for `enterprise.id`. */
const idFilterOf = (path: readonly string[]) =>
  path.map((name, i) => (i === 0 ? name : `${name[0]?.toUpperCase()}${name.slice(1)}`)).join('');

type Words = Partial<Pick<RowRule, 'listFilter' | 'lookup'>>;
type Leaf = Pick<RowRule, 'key' | 'filter' | 'ofHolder'> & Words;

const rule = (
  path: readonly string[],
  holds: (value: unknown) => boolean,
  { key, filter, listFilter = filter, lookup = filter, ofHolder }: Leaf,
): RowRule => ({
  key: `${path.join('.')} ${key}`,
  needs: path.reduceRight((inner, name) => (inner ? `${name} { ${inner} }` : name), ''),
  includes: (read) => holds(read(path)),
  filter,
  listFilter,
  lookup,
  ...(ofHolder && { ofHolder }),
});

/** Returns the rows that belong to all parts. */
export function both(...parts: readonly Rows[]): Rows {
  if (parts.includes('none')) return 'none';
  return combined(parts, 'and', 'all');
}

/** Returns the rows that belong to any part. */
export function either(...parts: readonly Rows[]): Rows {
  if (parts.includes('all')) return 'all';
  return combined(parts, 'or', 'none');
}

function combined(parts: readonly Rows[], join: 'and' | 'or', neutral: 'all' | 'none'): Rows {
  const rules = parts.flatMap((part) => (typeof part === 'string' ? [] : partsOf(part, join)));
  const byKey = new Map(rules.toReversed().map((each) => [each.key, each]));
  const unique = [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const [first] = unique;
  if (!first) return neutral;
  if (unique.length === 1) return first;
  return {
    key: `(${unique.map(({ key }) => key).join(` ${join} `)})`,
    needs: [...new Set(unique.map(({ needs }) => needs))].join(' '),
    includes: (read: Read) =>
      join === 'and'
        ? unique.every((each) => each.includes(read))
        : unique.some((each) => each.includes(read)),
    filter: joined(
      join,
      unique.map(({ filter }) => filter),
    ),
    listFilter: joined(
      join,
      unique.map(({ listFilter }) => listFilter),
    ),
    lookup: joined(
      join,
      unique.map(({ lookup }) => lookup),
    ),
    parts: { join, rules: unique },
  };
}

/** Flattens rules of the same join into one list, so that the same rows always have the same key. */
const partsOf = (rule: RowRule, join: 'and' | 'or') =>
  rule.parts?.join === join ? rule.parts.rules : [rule];

/** Joins filters; undefined if one of them is undefined. */
function joined(join: 'and' | 'or', filters: readonly (string | undefined)[]): string | undefined {
  const said = filters.filter((filter) => filter !== undefined);
  if (said.length < filters.length) return undefined;
  return said.length === 1 ? said[0] : `{ ${join}: [${said.join(', ')}] }`;
}

/** Returns the rule for rows whose field holds a row that the rule selects. */
const heldAt = (field: string, { key, needs, includes, lookup }: RowRule): RowRule => ({
  key: `${field}.${key}`,
  needs: `${field} { ${needs} }`,
  includes: (read) => includes((path) => read([field, ...path])),
  filter: undefined,
  listFilter: undefined,
  lookup: lookup && `{ _holding: { ${field}: ${lookup} } }`,
});

/** Returns whether the rows are certainly a subset of the others. */
export function isWithin(rows: Rows, others: Rows): boolean {
  if (rows === 'none' || others === 'all') return true;
  if (rows === 'all' || others === 'none') return false;
  if (rows.key === others.key) return true;
  if (others.parts?.join === 'and') return others.parts.rules.every((each) => isWithin(rows, each));
  if (rows.parts?.join === 'or') return rows.parts.rules.every((each) => isWithin(each, others));
  return (
    (rows.parts?.rules.some((each) => isWithin(each, others)) ?? false) ||
    (others.parts?.rules.some((each) => isWithin(rows, each)) ?? false)
  );
}
