import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { RowRule } from '../execution/restriction.ts';
import type { Grant } from './agreements.ts';

/** Whether a region is another, or lies within it, by their codes. */
export type IsWithin = (region: string, container: string) => boolean;

/** The rules by which rows of a type are told apart; undefined where the type has nothing to tell them by. */
export type RowRules = {
  /** Rows that lie in one of these regions, with all below them. */
  inRegions(typeName: string, regions: readonly string[]): RowRule | undefined;
  /** Rows that are this park, or belong to it. */
  ofPark(typeName: string, park: string): RowRule | undefined;
  synthetic(typeName: string): RowRule | undefined;
};

export function createRowRules(schema: GraphQLSchema, isWithin: IsWithin): RowRules {
  const typeOfField = (typeName: string, field: string) => {
    const type = schema.getType(typeName);
    // The root is no row, although there is a field `region` to begin at.
    return isObjectType(type) && type !== schema.getQueryType()
      ? getNamedType(type.getFields()[field]?.type)?.name
      : undefined;
  };
  return {
    inRegions(typeName, regions) {
      const path =
        typeName === 'Region'
          ? ['code']
          : typeOfField(typeName, 'region') === 'Region'
            ? ['region', 'code']
            : undefined;
      return (
        path &&
        rule(path, (code) => typeof code === 'string' && regions.some((region) => isWithin(code, region)))
      );
    },
    ofPark(typeName, park) {
      const path =
        typeName === 'Park' ? ['id'] : typeOfField(typeName, 'park') === 'Park' ? ['park', 'id'] : undefined;
      return path && rule(path, (id) => id === park);
    },
    synthetic: (typeName) =>
      typeOfField(typeName, 'synthetic') === 'Boolean'
        ? rule(['synthetic'], (isSynthetic) => isSynthetic === true)
        : undefined,
  };
}

const rule = (path: readonly string[], holds: (value: unknown) => boolean): RowRule => ({
  needs: path.reduceRight((inner, name) => (inner ? `${name} { ${inner} }` : name), ''),
  includes: (read) => holds(read(path)),
});

/** Rows for which every rule of one of the grants holds; undefined where a grant has no rule, so that it holds for all. */
export function rowsOf(
  grants: readonly Grant[],
  typeName: string,
  rules: RowRules,
): RowRule | 'all' | 'none' {
  const ofGrants = grants.map(({ region, park }) => {
    const parts = [
      ...(region === undefined ? [] : [rules.inRegions(typeName, [region])]),
      ...(park === undefined ? [] : [rules.ofPark(typeName, park)]),
    ];
    if (parts.length === 0) return 'all';
    const known = parts.filter((part) => part !== undefined);
    return known.length === parts.length ? both(known) : 'none';
  });
  if (ofGrants.includes('all')) return 'all';
  const some = ofGrants.filter((each) => typeof each === 'object');
  return some.length === 0 ? 'none' : either(some);
}

const both = (rules: readonly RowRule[]): RowRule => ({
  needs: rules.map(({ needs }) => needs).join(' '),
  includes: (read) => rules.every((each) => each.includes(read)),
});

const either = (rules: readonly RowRule[]): RowRule => ({
  needs: rules.map(({ needs }) => needs).join(' '),
  includes: (read) => rules.some((each) => each.includes(read)),
});
