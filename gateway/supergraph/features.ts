import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

/** A feature that a supergraph links. https://specs.apollo.dev/link/v1.0/ */
export type Feature = {
  /** The URL without its version, which identifies the feature. */
  readonly identity: string;
  readonly version: string;
  /** The prefix of the names of its elements. */
  readonly namespace: string;
  /** The name of an element in this supergraph, by its original name: `@login` for `@authenticated`. */
  readonly imports: ReadonlyMap<string, string>;
  /** `SECURITY` or `EXECUTION`; undefined if a gateway may ignore the feature. */
  readonly purpose: string | undefined;
};

const specs = 'https://specs.apollo.dev/';

/** The features and versions that the gateway implements. */
const carriedOut = new Map([
  [`${specs}link`, ['v1.0']],
  [`${specs}join`, ['v0.2', 'v0.3', 'v0.4', 'v0.5']],
  [`${specs}inaccessible`, ['v0.1', 'v0.2']],
  [`${specs}authenticated`, ['v0.1']],
  [`${specs}requiresScopes`, ['v0.1']],
  [`${specs}policy`, ['v0.1']],
]);

/** Throws if a supergraph needs a feature that the gateway does not implement. */
export function refuseUnknownFeatures(features: readonly Feature[]): void {
  const unknown = features.flatMap((feature) => {
    const problem = problemOf(feature);
    return problem ? [problem] : [];
  });
  if (unknown.length > 0) {
    throw new Error(
      `The supergraph needs features that this gateway does not support: ${unknown.join('; ')}. Compose it without them.`,
    );
  }
}

function problemOf({ identity, version, purpose }: Feature): string | undefined {
  const versions = carriedOut.get(identity);
  if (versions ? versions.includes(version) : purpose === undefined) return undefined;
  const name = identity.startsWith(specs) ? identity.slice(specs.length) : identity;
  const linked = purpose ? `, linked for ${purpose}` : '';
  const known = versions ? ` (known here: ${versions.join(', ')})` : '';
  return `${name} ${version || 'without a version'}${linked}${known}`;
}

/** Lists the features that a supergraph links. Throws if a link cannot be read, because it may promise anything. */
export function readFeatures({ definitions }: DocumentNode): readonly Feature[] {
  const directives = definitions.flatMap((each) =>
    each.kind === Kind.SCHEMA_DEFINITION || each.kind === Kind.SCHEMA_EXTENSION
      ? (each.directives ?? [])
      : [],
  );
  const linking = linkingDirective(directives);
  return directives.filter(({ name }) => linking.has(name.value)).map(featureOf);
}

/** Returns the names of the linking directive: `@link`, its alias in this supergraph, and its old name `@core`. */
function linkingDirective(directives: readonly ConstDirectiveNode[]): ReadonlySet<string> {
  const names = new Set(['link', 'core']);
  for (const directive of directives) {
    const url = textOf(directive, 'url') ?? textOf(directive, 'feature');
    const isItself = url?.startsWith(`${specs}link/`) && directive.name.value === textOf(directive, 'as');
    if (isItself) names.add(directive.name.value);
  }
  return names;
}

function featureOf(directive: ConstDirectiveNode): Feature {
  const url = textOf(directive, 'url') ?? textOf(directive, 'feature');
  if (url === undefined) throw new Error('The supergraph has a link without a url.');
  const [, identity = url, version = ''] = /^(.*?)\/(v\d+\.\d+)\/?$/.exec(url) ?? [];
  return {
    identity,
    version,
    namespace: textOf(directive, 'as') ?? identity.slice(identity.lastIndexOf('/') + 1),
    imports: new Map(itemsOf(argumentOf(directive, 'import')).map(importOf)),
    purpose: textOf(directive, 'for'),
  };
}

/** Reads an import: `"@authenticated"`, or `{ name: "@authenticated", as: "@login" }`. */
function importOf(value: ConstValueNode): readonly [name: string, as: string] {
  if (value.kind === Kind.STRING) return [value.value, value.value];
  if (value.kind !== Kind.OBJECT) throw new Error('The supergraph has an import that cannot be read.');
  const field = (name: string) => stringOf(value.fields.find((each) => each.name.value === name)?.value);
  const name = field('name') ?? '';
  return [name, field('as') ?? name];
}

/**
 * Returns the name, in this supergraph, of the directive `name` of the feature of the same name. Without a link it is
 * `name` itself, because a supergraph that has the directive without a link promises the same. It is undefined if
 * `name` belongs to another feature.
 */
export function directiveNamed(name: string, features: readonly Feature[]): string | undefined {
  const feature = features.find(({ identity }) => identity === `${specs}${name}`);
  if (feature) return feature.imports.get(`@${name}`)?.slice(1) ?? feature.namespace;
  const isTaken = features.some(
    ({ namespace, imports }) => namespace === name || [...imports.values()].includes(`@${name}`),
  );
  return isTaken ? undefined : name;
}

const argumentOf = (directive: ConstDirectiveNode, name: string) =>
  directive.arguments?.find((argument) => argument.name.value === name)?.value;

const textOf = (directive: ConstDirectiveNode, name: string) => stringOf(argumentOf(directive, name));

const stringOf = (value: ConstValueNode | undefined) =>
  value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;

/** Returns the values of a list. As in GraphQL, a single value counts as a list of one. */
const itemsOf = (value: ConstValueNode | undefined): readonly ConstValueNode[] =>
  value === undefined || value.kind === Kind.NULL ? [] : value.kind === Kind.LIST ? value.values : [value];
