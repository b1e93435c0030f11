import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print, type TypeNode } from 'graphql';
import { type Department, sharingBasisOf } from './caller.ts';
import { type ComposedTypes, composedTypesOf } from './composed-types.ts';
import { factsBegin, ownerWith } from './evidence.ts';
import { factsOf } from './field-set.ts';
import {
  type Member,
  type Sharing,
  sharingOf,
  standingOf,
  type TypeSharing,
  typeSharingOf,
} from './sharing.ts';

/** An item of the data catalogue 政务数据目录: a field, or a filter or order that can disclose a field. */
export type CatalogueItem = Sharing & {
  /** Coordinate of the item: `Type.field`, `Filter.field`, `OrderField.VALUE`. */
  readonly coordinate: string;
  readonly kind: 'FIELD' | 'FILTER' | 'ORDER';
  readonly typeName: string;
  /** Type of the item, such as `[Park!]`; an order holds its own enum. */
  readonly type: string;
  readonly descriptionZh: string;
  readonly descriptionEn: string;
  /** The rules by which its owner shares data. */
  readonly sharedUnder: string;
  /** Subgraphs that resolve it. */
  readonly subgraphs: readonly string[];
  /** Agreements under which it is computed, or under which other fields are computed from it. */
  readonly standingAgreements: readonly StandingAgreement[];
};

/** An agreement under which one department computes a field from facts of another. */
export type StandingAgreement = {
  /** Coordinate of the computed field. */
  readonly field: string;
  readonly user: Department;
  /** The owner of the facts. */
  readonly owner: Department;
  /** Coordinates of the facts. */
  readonly facts: readonly string[];
  readonly basis: string;
  readonly purpose: string;
};

type Entry = {
  readonly coordinate: string;
  readonly kind: CatalogueItem['kind'];
  readonly typeName: string;
  readonly member: Member;
  readonly directives: readonly ConstDirectiveNode[] | undefined;
};

/** Returns the catalogue of a composed supergraph, by coordinate; empty if the supergraph declares no sharing. */
export function catalogueOf(supergraphSdl: string): CatalogueItem[] {
  const document = parse(supergraphSdl, { noLocation: true });
  const types = composedTypesOf(document);
  const subgraphsOf = subgraphsByDirective(document);
  const entries = listEntries(types);
  const sharing = new Map(entries.map(({ coordinate, member }) => [coordinate, sharingOf(member)]));
  const agreements = entries.flatMap((entry) =>
    listAgreements(
      entry,
      types,
      ownerWith(types, (fact) => sharing.get(fact)?.owner),
    ),
  );
  const feeding = feedingOf(entries, agreements);
  return entries
    .flatMap(({ coordinate, kind, typeName, member, directives }) => {
      const own = sharing.get(coordinate);
      // What is no item of the catalogue cannot be requested either.
      if (!own || own.class === 'WORK_SECRET') return [];
      const [descriptionZh, descriptionEn] = inBothLanguages(member.description?.value);
      return {
        ...own,
        coordinate,
        kind,
        typeName,
        type: member.kind === Kind.ENUM_VALUE_DEFINITION ? typeName : print(member.type),
        descriptionZh,
        descriptionEn,
        sharedUnder: sharingBasisOf(own.owner),
        subgraphs: subgraphsOf(member.directives, directives),
        standingAgreements: agreements.filter(
          (each) =>
            each.field === coordinate || each.facts.includes(coordinate) || feeding(typeName).has(each),
        ),
      };
    })
    .sort((a, b) => (a.coordinate < b.coordinate ? -1 : 1));
}

/** Returns the agreements under which a whole type is computed: those of the fields that lead to it, if nothing else leads to it. */
function feedingOf(entries: readonly Entry[], agreements: readonly StandingAgreement[]) {
  const fields = entries.filter(({ kind }) => kind === 'FIELD');
  const leaders = Map.groupBy(fields, ({ member }) => 'type' in member && namedTypeOf(member.type));
  const known = new Map<string, ReadonlySet<StandingAgreement>>();
  return function feeding(typeName: string): ReadonlySet<StandingAgreement> {
    const found = known.get(typeName);
    if (found) return found;
    // A type that leads to itself adds no agreement.
    known.set(typeName, new Set());
    const ways = (leaders.get(typeName) ?? []).map(
      (way) =>
        new Set([...agreements.filter(({ field }) => field === way.coordinate), ...feeding(way.typeName)]),
    );
    const fed = new Set(ways.every((way) => way.size > 0) ? ways.flatMap((way) => [...way]) : []);
    known.set(typeName, fed);
    return fed;
  };
}

const namedTypeOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);

/** Entry of the catalogue for the rows of a type. */
export type TypeItem = TypeSharing & { readonly typeName: string };

/** Returns the types of a composed supergraph with a declaration for their rows, by name. */
export function typesInCatalogue(supergraphSdl: string): TypeItem[] {
  return composedTypesOf(parse(supergraphSdl, { noLocation: true }))
    .outputs.map((type) => ({ typeName: type.name.value, ...typeSharingOf(type) }))
    .filter(
      ({ rows, enterpriseId, enterpriseWhere, named }) => rows || enterpriseId || enterpriseWhere || named,
    )
    .sort((a, b) => (a.typeName < b.typeName ? -1 : 1));
}

/** Splits a description into its two languages: 中文。 English. */
export function inBothLanguages(description = ''): readonly [zh: string, en: string] {
  const at = description.indexOf('。 ');
  return at < 0 ? [description, ''] : [description.slice(0, at + 1), description.slice(at + 2)];
}

function listEntries({ outputs, inputs, enums }: ComposedTypes): Entry[] {
  const entriesOf = (
    kind: Entry['kind'],
    { name, directives }: { name: { value: string }; directives?: readonly ConstDirectiveNode[] | undefined },
    members: readonly Member[] = [],
  ): Entry[] =>
    members.map((member) => ({
      coordinate: `${name.value}.${member.name.value}`,
      kind,
      typeName: name.value,
      member,
      directives,
    }));
  return [
    ...outputs.flatMap((type) => entriesOf('FIELD', type, type.fields)),
    ...[...inputs.values()].flatMap((type) => entriesOf('FILTER', type, type.fields)),
    ...[...enums.values()].flatMap((type) => entriesOf('ORDER', type, type.values)),
  ];
}

function listAgreements(
  { coordinate, typeName, member }: Entry,
  types: ComposedTypes,
  ownerOf: (coordinate: string) => Department | undefined,
): StandingAgreement[] {
  const user = ownerOf(coordinate);
  return standingOf(member).flatMap(({ needs, basis, purpose }) => {
    const facts = factsOf(factsBegin(typeName), needs, types)?.filter((fact) => ownerOf(fact) !== user) ?? [];
    const owner = facts[0] && ownerOf(facts[0]);
    return user && owner ? [{ field: coordinate, user, owner, facts, basis, purpose }] : [];
  });
}

/** Reads from `@join__field`, `@join__enumValue` and `@join__type` which subgraphs resolve a field, or else its type. */
function subgraphsByDirective(document: DocumentNode) {
  const graphs = document.definitions.find(
    (each) => each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  const nameOf = new Map(
    values.map(({ name, directives }) => [name.value, argumentOf(directives?.[0], 'name') ?? name.value]),
  );
  const graphsOf = (directives: readonly ConstDirectiveNode[] = []) =>
    directives.flatMap((directive) => {
      const graph = argumentOf(directive, 'graph');
      const isGiven = /^join__(field|type|enumValue)$/.test(directive.name.value);
      return isGiven && graph && argumentOf(directive, 'external') !== 'true'
        ? [nameOf.get(graph) ?? graph]
        : [];
    });
  return (own?: readonly ConstDirectiveNode[], ofType?: readonly ConstDirectiveNode[]) => {
    const given = graphsOf(own);
    return [...new Set(given.length > 0 ? given : graphsOf(ofType))].sort();
  };
}

function argumentOf(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && 'value' in value ? String(value.value) : undefined;
}
