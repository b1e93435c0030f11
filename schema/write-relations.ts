import {
  type DocumentNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
} from 'graphql';
import type { Refuse } from './declared-sharing.ts';
import type { Relation } from './relations.ts';
import { withOptionalField } from './root-lists.ts';
import { type Sharing, shareClasses } from './sharing.ts';

/**
 * Directive for gateways, in a supergraph: `list` resolves the condition or order, in another subgraph or the same one. `link` is the
 * filter field that links the rows: of that list if `inverse`, otherwise of the own list. `without` has the values of a related row where
 * there is none. `among` is the condition on the own rows that the relation is about.
 */
export const relatedSdl = `directive @related(list: String!, link: String!, inverse: Boolean! = false, without: String, among: String) on INPUT_FIELD_DEFINITION`;

/** A generated field of an input. */
type Generated = {
  readonly input: string;
  readonly name: string;
  readonly type: string;
  readonly about: string;
  /** Arguments of `@related`, and the coordinate of the field that links the rows; undefined for `exists`. */
  readonly related?: string;
  readonly link?: string;
  /** Coordinate of the field of the same name, which it discloses; undefined if the rows have no such field. */
  readonly discloses?: string;
};

/** Cost of a condition or an order on a related type: it is a separate call to a subgraph. */
const cost = '@cost(weight: 10)';

/** Writes the inputs of conditions and orders on related types into a composed document; `resolvable` in a supergraph. */
export function writeRelations(
  document: DocumentNode,
  relations: readonly Relation[],
  { resolvable }: { readonly resolvable: boolean },
): DocumentNode {
  if (relations.length === 0) return document;
  const fields = Map.groupBy(generate(relations), ({ input }) => input);
  const orders = new Set(
    relations.flatMap(({ from, to }) => [from.order, from.groupBy, to.order, to.groupBy]),
  );
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return definition;
    const { value: name } = definition.name;
    const generated = (fields.get(name) ?? []).map((field) => parseField(field, resolvable));
    const { fields: own = [] } = orders.has(name) ? withOptionalField(definition) : definition;
    return { ...definition, fields: [...own, ...generated] };
  });
  const added = [...listInputs(relations), ...(resolvable ? [relatedSdl, costSdl(document)] : [])].join('\n');
  return { ...document, definitions: [...definitions, ...parse(added, { noLocation: true }).definitions] };
}

/**
 * Returns the class of a generated field: that of the field that links the rows, because it discloses the link, or that of the field of
 * its own name if that is stricter. Refuses a field that would need the agreement of two departments.
 */
export function relationSharing(
  relations: readonly Relation[],
  sharing: ReadonlyMap<string, Sharing>,
  refuse: Refuse,
): Map<string, Sharing> {
  return new Map(
    generate(relations).flatMap(({ input, name, link = '', discloses = '' }) => {
      const [own, disclosed] = [sharing.get(link), sharing.get(discloses)];
      if (!own) return [];
      const both = disclosed ? stricter(own, disclosed) : own;
      if (!both)
        refuse(
          `${input}.${name} discloses ${link} and ${discloses}, which have two owners: rename its @relation.`,
        );
      return [[`${input}.${name}`, both ?? own] as const];
    }),
  );
}

/** Returns the stricter of two classes; undefined if they have different owners, both of whom would have to agree. */
function stricter(one: Sharing, other: Sharing): Sharing | undefined {
  const isFree = (each: Sharing) => each.class === 'UNCONDITIONAL';
  if (one.owner !== other.owner && !isFree(one) && !isFree(other)) return undefined;
  const [strict] = [one, other].sort(
    (a, b) => shareClasses.indexOf(b.class) - shareClasses.indexOf(a.class),
  ) as [Sharing, Sharing];
  return { ...strict, open: one.open && other.open, masked: false };
}

function generate(relations: readonly Relation[]): Generated[] {
  const spokenOfAsOne = new Set<string>();
  const fields = relations.flatMap(
    ({ from, link, as, to, inverse, inverseIsOne, inverseWithout, inverseAmong }): Generated[] => {
      spokenOfAsOne.add(to.filter);
      if (inverseIsOne) spokenOfAsOne.add(from.filter);
      const coordinate = `${from.filter}.${link}`;
      const there = {
        name: as,
        related: `list: "${to.name}", link: "${link}"`,
        link: coordinate,
        discloses: `${from.rowType}.${as}`,
      };
      const back = {
        name: inverse,
        related: `list: "${from.name}", link: "${link}", inverse: true${textOf('without', inverseWithout)}${textOf('among', inverseAmong)}`,
        link: coordinate,
        discloses: `${to.rowType}.${inverse}`,
      };
      const several = inverseIsOne ? from.filter : listInput(from.rowType);
      return [
        { ...there, input: from.filter, type: to.filter, about: named(link, to.rowType) },
        { ...back, input: to.filter, type: several, about: filterOfLink(link, from.rowType) },
        { ...there, input: from.order, type: to.order, about: orderBy(to.rowType) },
        { ...back, input: to.order, type: from.order, about: orderBy(from.rowType) },
        { ...there, input: from.groupBy, type: to.groupBy, about: groupBy(to.rowType) },
        { ...back, input: to.groupBy, type: from.groupBy, about: groupBy(from.rowType) },
      ];
    },
  );
  const existence = [...spokenOfAsOne].map((input) => ({
    input,
    name: 'exists',
    type: 'Boolean',
    about: exists,
  }));
  return [...fields, ...existence];
}

const textOf = (name: string, text: string | undefined) => (text ? `, ${name}: ${JSON.stringify(text)}` : '');

const exists =
  '是否须有(true,默认)或须无(false)这样的相关记录;仅用于相关记录的条件。 True, the default: a related record that meets the other conditions must exist. False: it must not exist. Only conditions on related records may use this.';
const named = (link: string, type: string) =>
  `${link} 所指的 ${type}:其中一个须满足全部条件。 The ${type} that ${link} identifies. One such record must meet all of these conditions.`;
const filterOfLink = (link: string, type: string) =>
  `以 ${link} 指向本记录的 ${type}。 The ${type} records whose ${link} identifies this record.`;
const orderBy = (type: string) =>
  `按相关的 ${type} 排序;有多个时,升序取最小值,降序取最大值。 Sorts by the related ${type}. If there are several, an ascending sort takes the smallest value and a descending sort the largest.`;

const groupBy = (type: string) =>
  `按相关的 ${type} 分组;有多个时计入每一组。 Groups by the related ${type}. A record with several of them counts in the group of each.`;

const listInput = (rowType: string) => `${rowType}Relation`;

function listInputs(relations: readonly Relation[]): string[] {
  const inputs = new Map(
    relations.flatMap(({ from, inverseIsOne }) =>
      inverseIsOne ? [] : [[from.rowType, from.filter] as const],
    ),
  );
  return [...inputs].map(
    ([rowType, filter]) => `
    "对一组相关 ${rowType} 的条件。 Conditions on the related records of the type ${rowType}."
    input ${listInput(rowType)} {
      "至少一个满足。 At least one related record meets these conditions."
      some: ${filter}
      "没有一个满足。 No related record meets these conditions."
      none: ${filter}
      "全部满足;一个都没有也算。 All related records meet these conditions. It is also met if there are no related records."
      every: ${filter}
      "是否有任何一个。 True if there must be a related record, false if there must be none."
      exists: Boolean
    }`,
  );
}

function parseField(
  { name, type, about, related }: Generated,
  resolvable: boolean,
): InputValueDefinitionNode {
  const directives = related && resolvable ? `${cost} @related(${related})` : '';
  const sdl = `input Any { "${about}" ${name}: ${type} ${directives} }`;
  const [definition] = parse(sdl, { noLocation: true }).definitions;
  const [field] = (definition as InputObjectTypeDefinitionNode).fields ?? [];
  if (!field) throw new Error(`${sdl} has no field.`);
  return field;
}

/** Returns the definition of `@cost` if it is missing: composition includes it only if a subgraph uses it. */
const costSdl = ({ definitions }: DocumentNode) =>
  definitions.some((each) => each.kind === Kind.DIRECTIVE_DEFINITION && each.name.value === 'cost')
    ? ''
    : 'directive @cost(weight: Int!) on INPUT_FIELD_DEFINITION';
