import type {
  FetchNode,
  FlattenNodePathSegment,
  OutputRewrite,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import type { FetchDocument, SelectionTree } from './fetch-document.ts';
import type { EntityFetch } from './fetch-entities.ts';

/**
 * Paths of field names that a fetch reads and writes: `/park/enterprises/nodes`. Types and list positions are left out;
 * at worst a fetch waits needlessly for another.
 */
export type FetchDependencies = { readonly reads: ReadonlySet<string>; readonly writes: ReadonlySet<string> };

type Path = readonly FlattenNodePathSegment[];

export function dependenciesOfRootFetch(
  { outputRewrites }: FetchNode,
  path: Path,
  { tree }: FetchDocument,
): FetchDependencies {
  const reads = new Set<string>();
  const place = readPlace(path, reads);
  return {
    reads,
    writes: under([place], renamed(pathsIn(tree), outputRewrites)),
  };
}

export function dependenciesOfEntityFetch(
  { batches }: EntityFetch,
  { tree }: FetchDocument,
): FetchDependencies {
  const reads = new Set<string>();
  const writes = batches.flatMap(({ alias, paths, requires, outputRewrites }) => {
    const walker = paths.map((path) => readPlace(path, reads));
    for (const place of walker) readRequired(requires, place, reads);
    return [...under(walker, renamed(pathsIn(tree.get(alias)?.below), outputRewrites))];
  });
  return { reads, writes: new Set(writes) };
}

/** Notes what is read on the way to a place, and returns its path. */
function readPlace(path: Path, reads: Set<string>): string {
  let place = '';
  for (const segment of path) {
    if (segment === '@') continue;
    if ('Field' in segment) {
      place += `/${segment.Field}`;
      reads.add(place);
    } else reads.add(`${place}/__typename`);
  }
  return place;
}

function readRequired(selections: readonly RequiresSelection[], place: string, reads: Set<string>): void {
  reads.add(`${place}/__typename`);
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') readRequired(selection.selections, place, reads);
    if (selection.kind !== 'Field') continue;
    // The field may have either name: see readEither() in representations.ts.
    for (const name of [selection.name, selection.alias ?? selection.name]) {
      reads.add(`${place}/${name}`);
      if (selection.selections?.length) readRequired(selection.selections, `${place}/${name}`, reads);
    }
  }
}

/** Lists each field as a path of names: `/enterprises/nodes`. */
const pathsIn = (tree: SelectionTree = new Map(), place = ''): readonly string[] =>
  [...tree].flatMap(([name, { below }]) => [`${place}/${name}`, ...pathsIn(below, `${place}/${name}`)]);

const under = (walker: readonly string[], paths: readonly string[]): ReadonlySet<string> =>
  new Set(walker.flatMap((place) => paths.map((path) => place + path)));

/** Adds the names that fields get after rewriting (see rewrites.ts). */
function renamed(paths: readonly string[], rewrites: readonly OutputRewrite[] = []): readonly string[] {
  let all = paths;
  for (const rewrite of rewrites) {
    const { path } =
      'KeyRenamer' in rewrite ? rewrite.KeyRenamer : 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
    const keys = path.flatMap((segment) => ('Key' in segment ? [segment.Key] : []));
    const from = pathOf(keys);
    if ('KeyRenamer' in rewrite) {
      const to = pathOf([...keys.slice(0, -1), rewrite.KeyRenamer.renameKeyTo]);
      const moved = all.filter((each) => each === from || each.startsWith(`${from}/`));
      all = [...all, ...moved.map((each) => to + each.slice(from.length))];
    } else all = [...all, from];
  }
  return all;
}

const pathOf = (keys: readonly string[]) => keys.map((key) => `/${key}`).join('');
