import type { Department, KeyAction } from '@wenshu/schema/caller.ts';
import { type CatalogueItem, catalogueOf, typesInCatalogue } from '@wenshu/schema/catalogue.ts';
import { type DocumentNode, type GraphQLEnumType, isEnumType } from 'graphql';
import { closedByOwner } from '../governance/own-enterprise.ts';
import { ownersIn } from '../supergraph/evidence.ts';
import { shapeOf } from '../supergraph/graph-shape.ts';
import { readSharing } from '../supergraph/sharing.ts';
import { loadSupergraph, type Supergraph } from '../supergraph/supergraph.ts';
import { readWritable } from '../supergraph/writable.ts';
import { pageOf } from './page-of.ts';
import type { Fields } from './schema-types.ts';

/** The data catalogue 政务数据目录 of the graph, in the order of coordinates. */
export type Catalogue = {
  readonly items: readonly CatalogueItem[];
  itemOf(coordinate: string): CatalogueItem | undefined;
  /** Lists the items that an agreement can open: those shared on conditions, in all rows or in some. */
  sharedByAgreement(): readonly CatalogueItem[];
  /** Returns the enum of this name in the schema that callers see. */
  enumType(name: string): GraphQLEnumType | undefined;
  /** Whether a text names an existing type or field, as the scope of a key does. */
  isScope(text: string): boolean;
  /**
   * Returns the fields that a key for an enterprise opens beyond public data, by the department that must approve it.
   */
  closedOfEnterprise(): ReadonlyMap<Department, readonly string[]>;
  /** Returns the changes that a key with these actions can make, by the department whose data they change. */
  changesBy(actions: readonly KeyAction[]): ReadonlyMap<Department, readonly string[]>;
};

export function openCatalogue(
  supergraphSdl: string,
  load: () => Pick<Supergraph, 'document' | 'publicSchema'> = () => loadSupergraph(supergraphSdl),
): Catalogue {
  const items = catalogueOf(supergraphSdl);
  const byCoordinate = new Map(items.map((item) => [item.coordinate, item]));
  const fields = items.filter(({ kind }) => kind === 'FIELD');
  let closed: ReadonlyMap<Department, readonly string[]> | undefined;
  const scopes = new Set(fields.flatMap(({ typeName, coordinate }) => [typeName, coordinate]));
  return {
    items,
    itemOf: (coordinate) => byCoordinate.get(coordinate),
    sharedByAgreement() {
      const types = typesInCatalogue(supergraphSdl).filter(({ rows }) => rows?.class === 'CONDITIONAL');
      const inSomeRows = new Set(types.map(({ typeName }) => typeName));
      return items.filter(
        (item) =>
          item.class === 'CONDITIONAL' || (item.class === 'UNCONDITIONAL' && inSomeRows.has(item.typeName)),
      );
    },
    enumType(name) {
      const type = load().publicSchema.getType(name);
      return isEnumType(type) ? type : undefined;
    },
    isScope: (text) => scopes.has(text),
    closedOfEnterprise() {
      closed ??= findClosed(load());
      return closed;
    },
    changesBy: (actions) => findChanges(load().document, actions),
  };
}

function findChanges(document: DocumentNode, actions: readonly KeyAction[]) {
  const ownerOf = ownersIn(document);
  const found = [...readWritable(document)]
    .filter(([, rule]) => rule.actions.some((action) => actions.includes(action)))
    .flatMap(([name]) => {
      const coordinate = `Mutation.${name}`;
      const owner = ownerOf(coordinate);
      return owner ? [{ owner, coordinate }] : [];
    });
  return new Map(
    [...Map.groupBy(found, ({ owner }) => owner)].map(([owner, each]) => [
      owner,
      each.map(({ coordinate }) => coordinate),
    ]),
  );
}

function findClosed({ document, publicSchema }: Pick<Supergraph, 'document' | 'publicSchema'>) {
  const graph = { sharing: readSharing(document), shape: shapeOf(publicSchema) };
  return closedByOwner(graph, Object.keys(publicSchema.getTypeMap()));
}

/** Returns a page of the requested entries that the caller may see. */
export const pageOfCatalogue = (
  { items }: Catalogue,
  args: Fields['Query']['catalogue']['args'],
  mayTell: (item: CatalogueItem) => boolean,
) =>
  pageOf(
    items.filter(
      (item) =>
        mayTell(item) &&
        (args.owner ?? item.owner) === item.owner &&
        (args.class ?? item.class) === item.class &&
        (args.typeName ?? item.typeName) === item.typeName,
    ),
    ({ coordinate }) => coordinate,
    args,
  );
