import type { NamedAgency, RowCondition } from '@wenshu/schema/sharing.ts';
import { type GraphQLSchema, getNamedType, isInputObjectType, isNonNullType, isObjectType } from 'graphql';
import type { RowRule } from '../request/denial.ts';
import type { GraphShape } from '../supergraph/graph-shape.ts';
import { both, either, heldAt, joined, type Rows } from './rows.ts';

/** Returns whether a region equals another or lies within it, by their codes. */
export type IsWithin = (region: string, container: string) => boolean;

/** Makes row rules for the types of a graph. */
export class RowRules {
  readonly #schema: GraphQLSchema;
  readonly #shape: GraphShape;
  readonly #isWithin: IsWithin;

  constructor(schema: GraphQLSchema, shape: GraphShape, isWithin: IsWithin) {
    this.#schema = schema;
    this.#shape = shape;
    this.#isWithin = isWithin;
  }

  /** Selects rows with this id at a path of fields. */
  withId(typeName: string, path: readonly string[], id: string): RowRule {
    return rule(path, (value) => value === id, {
      key: JSON.stringify(id),
      filter: this.#filterBy(typeName, idFilterOf(path), 'eq', JSON.stringify(id)),
      ofHolder: (holder, field) => this.withId(holder, [field, ...path], id),
    });
  }

  /** Selects the rows that name this agency in one of the fields. */
  naming(typeName: string, named: readonly NamedAgency[], agency: string): Rows {
    const by = (type: string, filter: string | undefined) =>
      filter && this.#filterBy(type, filter, 'eq', JSON.stringify(agency));
    const rules = named.map(({ field, filter }) => {
      const names: RowRule = rule([field, 'id'], (ids) => [ids].flat().includes(agency), {
        key: `names ${JSON.stringify(agency)}`,
        filter: by(typeName, filter),
        ofHolder: (holder, held) => heldAt(held, names, by(holder, filter && idFilterOf([held, filter]))),
      });
      return names;
    });
    return either(...rules);
  }

  /** Selects the rows that are this park or belong to it; undefined if the type has no park. */
  ofPark(typeName: string, park: string): RowRule | undefined {
    if (typeName === 'Park') return this.withId(typeName, ['id'], park);
    return this.#typeOfField(typeName, 'park') === 'Park'
      ? this.withId(typeName, ['park', 'id'], park)
      : undefined;
  }

  /**
   * Selects rows in these regions or within them; undefined if the type has no field that shows where a row lies. For
   * a type without a region, the region of the row's enterprise, park or policy counts.
   */
  inRegions(typeName: string, regions: readonly string[]): RowRule | undefined {
    const path = this.#pathToRegion(typeName);
    if (!path) return undefined;
    const holds = (code: unknown) =>
      typeof code === 'string' && regions.some((each) => this.#isWithin(code, each));
    return rule(path, holds, {
      key: `within ${[...regions].sort()}`,
      ...this.#filtersWithin(typeName, path, regions),
      ofHolder: (holder, field) =>
        this.#pathToRegion(holder)?.join('.') === [field, ...path].join('.')
          ? this.inRegions(holder, regions)
          : undefined,
    });
  }

  /** Selects synthetic rows and real rows. Records of a type without that mark count as real. */
  synthetic(typeName: string): { readonly yes: Rows; readonly no: Rows } {
    const [yes, no] = [this.#ofKind(typeName, true), this.#ofKind(typeName, false)];
    if (yes && no) return { yes, no };
    const none = rule(['id'], () => false, { key: 'none', filter: undefined, lookup: noRow });
    // A region is no record: its figures are computed from rows of one kind.
    const isRecord = typeName !== 'Region' && this.#typeOfField(typeName, 'id') === 'ID';
    return { yes: isRecord ? none : 'all', no: 'all' };
  }

  /** Selects the rows that are known not to meet the conditions, and the rows that are known to meet them. */
  meeting(
    typeName: string,
    conditions: readonly RowCondition[],
  ): { readonly no: RowRule; readonly yes: RowRule } {
    const key = JSON.stringify(conditions);
    const needs = [...new Set(conditions.map(({ field }) => field))].join(' ');
    const filter = joined(
      'and',
      conditions.map((each) => this.#filterOf(typeName, each)),
    );
    const not = filter && `{ not: ${filter} }`;
    /** Writes the conditions on the row that a field of a holder holds: `policyStatus` for the status of its policy. */
    const ofHeld = (holder: string, field: string) =>
      joined(
        'and',
        conditions.map((each) => this.#filterOf(holder, { ...each, field: idFilterOf([field, each.field]) })),
      );
    // A value that could not be read may be any value. The row is then on neither side, so that it is hidden.
    const no: RowRule = {
      key: `not ${key}`,
      needs,
      includes: (read) => !doMeet(read, conditions, true),
      filter: not,
      listFilter: not,
      lookup: not,
      ofHolder: (holder, field) => {
        const held = ofHeld(holder, field);
        return heldAt(field, no, held && `{ not: ${held} }`);
      },
    };
    const yes: RowRule = {
      key,
      needs,
      includes: (read) => doMeet(read, conditions, false),
      filter,
      listFilter: filter,
      lookup: filter,
      ofHolder: (holder, field) => heldAt(field, yes, ofHeld(holder, field)),
    };
    return { no, yes };
  }

  /**
   * Selects rows of a type whose field holds a row that the rule selects, expressed by a filter of the type itself
   * where possible.
   */
  holding(typeName: string, field: string, held: RowRule): Rows {
    const { parts, ofHolder } = held;
    if (parts) {
      const join = parts.join === 'and' ? both : either;
      return join(...parts.rules.map((part) => this.holding(typeName, field, part)));
    }
    const own = ofHolder?.(typeName, field);
    return own?.filter === undefined ? heldAt(field, held) : own;
  }

  #typeOfField(typeName: string, field: string): string | undefined {
    const type = this.#schema.getType(typeName);
    const found = isObjectType(type) ? type.getFields()[field] : undefined;
    return found?.args.length === 0 ? getNamedType(found.type).name : undefined;
  }

  #isNonNull(typeName: string, field: string): boolean {
    const type = this.#schema.getType(typeName);
    return isObjectType(type) && isNonNullType(type.getFields()[field]?.type);
  }

  /** Returns a filter of the type's lists on one of its fields; undefined if they do not take it with this operator. */
  #filterBy(typeName: string, field: string, operator: string, value: string): string | undefined {
    const input = getNamedType(this.#shape.filterOf(typeName)?.getFields()[field]?.type);
    return isInputObjectType(input) && input.getFields()[operator]
      ? words(field, operator, value)
      : undefined;
  }

  #filterOf(typeName: string, { field, in: values, isNull }: RowCondition): string | undefined {
    return values
      ? this.#filterBy(typeName, field, 'in', `[${values.join(', ')}]`)
      : this.#filterBy(typeName, field, 'isNull', String(isNull));
  }

  #pathToRegion(typeName: string): readonly string[] | undefined {
    if (typeName === 'Region') return ['code'];
    if (this.#typeOfField(typeName, 'region') === 'Region') return ['region', 'code'];
    const owner = ['enterprise', 'park', 'policy'].find((field) => {
      const type = this.#typeOfField(typeName, field);
      return type !== undefined && this.#typeOfField(type, 'region') === 'Region';
    });
    return owner === undefined ? undefined : [owner, 'region', 'code'];
  }

  /** Returns the filters that select rows by the region at a path. */
  #filtersWithin(
    typeName: string,
    path: readonly string[],
    regions: readonly string[],
  ): Pick<Leaf, 'filter' | 'listFilter' | 'lookup'> {
    const field = path.length === 1 ? 'code' : 'region';
    const filter = inAny(regions, (region) => this.#filterBy(typeName, field, 'within', region));
    const [owner = ''] = path;
    const ofOwner = path.length > 2 ? this.#ownersWithin(typeName, owner, regions) : undefined;
    const lookup = ofOwner ? ofOwner.lookup : inAny(regions, (region) => words(field, 'within', region));
    return { filter, listFilter: filter ?? ofOwner?.listFilter, lookup: filter ?? lookup };
  }

  /** Returns the filter on the region of the row's owner, for lists with conditions on the owner and for lookups. */
  #ownersWithin(typeName: string, owner: string, regions: readonly string[]): Words {
    const ownerType = this.#typeOfField(typeName, owner);
    if (ownerType === undefined) return {};
    const filter = inAny(regions, (region) => this.#filterBy(ownerType, 'region', 'within', region));
    const taken = getNamedType(this.#shape.filterOf(typeName)?.getFields()[owner]?.type);
    return {
      listFilter:
        filter && taken && taken === this.#shape.filterOf(ownerType) ? `{ ${owner}: ${filter} }` : undefined,
      lookup: filter && `{ _holding: { ${owner}: ${filter} } }`,
    };
  }

  /**
   * Returns the rule for rows of one kind. A synthetic record refers to synthetic ones only, and a real one to real
   * ones only, so that the rule need not be repeated for a row that contains them.
   */
  #ofKind(typeName: string, isSynthetic: boolean): RowRule | undefined {
    // A group of rows has a nullable field `synthetic`, which is no mark of a record.
    if (this.#typeOfField(typeName, 'synthetic') !== 'Boolean' || !this.#isNonNull(typeName, 'synthetic')) {
      return undefined;
    }
    return rule(['synthetic'], (value) => value === isSynthetic, {
      key: String(isSynthetic),
      filter: this.#filterBy(typeName, 'synthetic', 'eq', String(isSynthetic)),
      lookup: words('synthetic', 'eq', String(isSynthetic)),
      ofHolder: (holder) => this.#ofKind(holder, isSynthetic),
    });
  }
}

type Read = Parameters<RowRule['includes']>[0];

/** Returns whether a row meets all conditions; `unknown` if its values do not decide that. */
const doMeet = (read: Read, conditions: readonly RowCondition[], unknown: boolean): boolean =>
  conditions.every(({ field, in: values, isNull }) => {
    const value = read([field]);
    if (value === undefined) return unknown;
    return values ? values.includes(value as string) : (value === null) === isNull;
  });

/** Returns a filter for rows in any of the regions; undefined if it cannot be expressed for one of them. */
const inAny = (regions: readonly string[], say: (region: string) => string | undefined) =>
  joined(
    'or',
    regions.map((region) => say(JSON.stringify(region))),
  );

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
