import { readFileSync } from 'node:fs';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
} from 'graphql';
import { inBothLanguages } from './catalogue.ts';
import { namedType } from './composed-types.ts';
import { disclosedFields } from './filter-sharing.ts';

/** Number of groups in an answer: the default and the maximum. */
export const defaultGroups = 100;
export const maxGroups = 1000;
/** Maximum number of dimensions of one grouping. */
export const maxDimensions = 4;

/** SDL that the aggregates of all lists share. */
export const sharedAggregatesSdl = readFileSync(new URL('aggregates.graphql', import.meta.url), 'utf8');

/** A dimension (`FOUNDED_ON_YEAR`) or a measure (`registeredCapital`) of a list, with its sharing class. */
type Member = {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly sharing: string;
};

/** Returns the connections of a schema that can be filtered: those of lists of records. */
export const listConnections = (document: DocumentNode): { name: string; isShareable: boolean }[] => {
  const types = new Types(document);
  return types
    .filteredConnections()
    .map(({ connection }) => ({ name: connection, isShareable: types.isShareable(connection) }));
};

/**
 * Returns the aggregates of every list of a subgraph, as SDL that extends its own: the field `aggregates` on each connection that can be
 * filtered. They are generated from the filter alone: rows can be grouped by each condition that distinguishes rows, and values that have an
 * order can be summed. Each member has the sharing class of its condition. Data that the law withholds has no aggregate here.
 */
export function aggregatesSdl(subgraphSdl: string): string {
  const document = parse(subgraphSdl, { noLocation: true });
  const types = new Types(document);
  return types
    .filteredConnections()
    .map((each) => aggregateTypes(each, types))
    .join('\n');
}

/** A connection that can be filtered, with its rows. */
type Filtered = { readonly connection: string; readonly row: string; readonly filter: string };

/** Whether a connection is the one that defines the aggregates of its rows. Others, whose edges have roles, use these. */
const isFirst = ({ connection, row }: Filtered) => connection === `${row}Connection`;

/** What the aggregates of one connection are made of. */
type Aggregated = {
  readonly row: string;
  readonly connection: string;
  readonly isShareable: boolean;
  /** Directives of the connection, which its aggregates have too. */
  readonly directives: string;
  readonly dimensions: readonly Member[];
  readonly entities: readonly Member[];
  readonly measures: readonly Member[];
};

function aggregateTypes(filtered: Filtered, types: Types): string {
  const aggregated = aggregatedOf(filtered, types);
  const ofRows = isFirst(filtered) ? [aggregateType, groupType, groupInputs, orderInput] : [];
  return [aggregatesField, ...ofRows].map((definition) => `\n${definition(aggregated)}\n`).join('');
}

function aggregatedOf({ connection, row, filter }: Filtered, types: Types): Aggregated {
  const conditions = types
    .conditionsOf(filter)
    .map((condition) => ({ condition, sharing: types.sharingOf(condition, row) }))
    .filter(({ sharing }) => !/WITHHELD|WORK_SECRET/.test(sharing));
  const dimensions = conditions.flatMap(({ condition, sharing }) =>
    dimensionsOf(condition, row, types).map((each) => ({ ...each, sharing })),
  );
  const entities = conditions.flatMap(({ condition, sharing }) =>
    entitiesOf(condition).map((each) => ({ ...each, sharing })),
  );
  const measures = conditions.flatMap(({ condition, sharing }) => {
    const type = types.measureType(condition, row);
    return type ? [{ name: condition.name.value, type, description: headOf(condition), sharing }] : [];
  });
  return {
    row,
    connection,
    isShareable: types.isShareable(connection),
    directives: types.directivesOf(connection),
    dimensions,
    entities,
    measures,
  };
}

const aggregatesField = ({ row, connection, isShareable }: Aggregated) =>
  `extend type ${connection}${isShareable ? ' @shareable' : ''} {
  "符合条件的全部记录(不止本页)分组汇总;不分组则为一组。 Aggregates by group of all records that match, not only of this page. Without groupBy there is one group."
  aggregates(
    "分组依据,至多 ${maxDimensions} 项。 The dimensions of the groups, at most ${maxDimensions}."
    groupBy: [${row}GroupBy!]
    "对各组的条件。 The conditions that the groups must meet."
    having: ${row}Having
    "各组的排序,依次比较;其后依分组值。 The sort order of the groups. If two groups are equal in the first entry, the next entry decides, and at last the values of the groups."
    orderBy: [${row}AggregateOrder!]
    "至多取多少组,1 至 ${maxGroups}。 The maximum number of groups, from 1 to ${maxGroups}."
    first: Int! = ${defaultGroups}
  ): [${row}Aggregate!] @listSize(assumedSize: ${defaultGroups}, slicingArguments: ["first"], requireOneSlicingArgument: false)
}`;

const aggregateType = ({ row, directives, measures }: Aggregated) =>
  `"一组记录的汇总。 The aggregates of a group of records."
type ${row}Aggregate ${directives} {
  "本组的分组值。 The values of the group."
  group: ${row}Group!
  "组内记录数。 The number of records in the group."
  count: Int!
  "占比:占全部符合条件记录数的百分比,两位小数。 The share of this group in the number of all records that match, in percent with two decimals."
  share: Decimal
  "记录数的同比:与上年同期的同一组相比。未恰按一个年或月分组,或上年同期没有记录,则为 null。 Growth of the count compared with the same group one year before. It is null if the groups are not by exactly one year or month, or if there is no record one year before."
  growth: Growth
  "满足 having 的组数,含未取的。 The number of groups that meet \`having\`, including groups beyond \`first\`."
  groupCount: Int!
${lines(measures, ({ name, type, sharing }) => `${name}: ${type} ${sharing}`)}
}`;

const groupType = ({ row, directives, dimensions, entities }: Aggregated) =>
  `"分组值;未按其分组,或记录无此值,则为 null。 The values of a group. A value is null if the groups are not by it, or if the records have no such value."
type ${row}Group ${directives} {
${lines([...dimensions, ...entities], ({ name, type, sharing }) => `${name}: ${type} ${sharing}`)}
  "按相关记录分组的值,依 groupBy 的次序。 The values of related records, in the order of groupBy."
  related: [RelatedKey!]!
}`;

const groupInputs = ({ row, dimensions, measures }: Aggregated) =>
  `"可作分组依据的项。 The dimensions that can form groups."
enum ${row}Dimension {
${lines(dimensions, ({ name, sharing }) => `${constantCase(name)} ${sharing}`)}
}

"分组依据。 A dimension of the groups."
input ${row}GroupBy {
  "项。 The dimension."
  field: ${row}Dimension!
  "各组在其他排序之后依此值的方向。 The direction in which the groups are sorted by this value, after the order that orderBy gives."
  direction: Direction! = ASC
}

"对各组的条件,须全部满足。 Conditions on groups. All of them must be met."
input ${row}Having {
  "组内记录数。 The number of records in the group."
  count: IntFilter
  "占比,百分比。 Share in percent."
  share: DecimalFilter
  "记录数的同比,百分比。 Growth of the count in percent."
  growth: DecimalFilter
${lines(measures, ({ name, type, sharing }) => `${name}: ${type}Filter ${sharing}`)}
}`;

const orderInput = ({ row, measures }: Aggregated) =>
  `"各组的排序,恰填一项。 The sort order of groups. Give exactly one field."
input ${row}AggregateOrder {
  "按一项分组值。 By the value of one dimension."
  group: ${row}GroupBy
  "按记录数。 By the number of records in the group."
  count: Direction
  "按记录数的同比。 By the growth of the count."
  growth: Direction
${lines(measures, ({ name, type, sharing }) => `${name}: ${orderOf(type)} ${sharing}`)}
}`;

const lines = (members: readonly Member[], line: (member: Member) => string) =>
  members.map((member) => `  ${JSON.stringify(member.description)}\n  ${line(member)}`).join('\n');

const orderOf = (type: string) => (type === 'DateAggregate' ? 'DateAggregateOrder' : 'NumberAggregateOrder');

/** Returns the dimensions that a condition gives; none for free text and for keys. */
function dimensionsOf(
  condition: InputValueDefinitionNode,
  row: string,
  types: Types,
): Omit<Member, 'sharing'>[] {
  const name = condition.name.value;
  if (types.isKey(row, name)) return [];
  const [zh, en] = inBothLanguages(headOf(condition));
  const isMany = types.isMany(condition, row);
  const member = (part: string, type: string, [partZh, partEn]: readonly [string, string] = ['', '']) => ({
    name: `${name}${part}`,
    type,
    description:
      `${zh.slice(0, -1)}${partZh}${isMany ? ';一条记录有多个值时计入每一组' : ''}。 ` +
      `${en.slice(0, -1)}${partEn}${isMany ? '; a record with several values counts in the group of each value' : ''}.`,
  });
  if (types.isRegion(condition)) {
    return [
      member('', 'Region'),
      member('Province', 'Region', ['(归到省级)', ', rolled up to its province']),
      member('Prefecture', 'Region', ['(归到地级)', ', rolled up to its prefecture']),
      member('County', 'Region', ['(归到县级)', ', rolled up to its county or district']),
    ];
  }
  const type = types.comparedType(condition);
  if (type === 'Date') {
    return [
      member('Year', 'Int', ['(年)', ', by year']),
      member('Month', 'Date', ['(月,以首日表示)', ', by month, as its first day']),
    ];
  }
  const isDimension = ['ID', 'Boolean', 'Int'].includes(type) || types.isEnum(type);
  return isDimension ? [member('', type)] : [];
}

/** Returns the entity that the id of a dimension identifies, if it can have one type only. */
function entitiesOf(condition: InputValueDefinitionNode): Omit<Member, 'sharing'>[] {
  const [relation, ...others] = (condition.directives ?? []).filter(({ name }) => name.value === 'relation');
  if (!relation || others.length > 0) return [];
  const said = new Map(relation.arguments?.map(({ name, value }) => [name.value, value]));
  const [as, to] = [said.get('as'), said.get('to')].map((value) =>
    value?.kind === Kind.STRING ? value.value : '',
  ) as [string, string];
  const name = condition.name.value;
  return [{ name: as, type: to, description: `${name} 所指的 ${to}。 The ${to} that ${name} identifies.` }];
}

/** Returns the fields of groups that show an entity: by type and field, the dimension that holds the id, and the entity's type. */
export function entitiesOfGroups(
  document: DocumentNode,
): Map<string, Record<string, { readonly dimension: string; readonly type: string }>> {
  const types = new Types(document);
  return new Map(
    types
      .filteredConnections()
      .filter(isFirst)
      .map(({ row, filter }) => [
        `${row}Group`,
        Object.fromEntries(
          types
            .conditionsOf(filter)
            .flatMap((condition) =>
              entitiesOf(condition).map(({ name, type }) => [
                name,
                { dimension: condition.name.value, type },
              ]),
            ),
        ),
      ]),
  );
}

/** Returns the first part of a description, up to the first punctuation mark, in both languages. */
function headOf({ description }: InputValueDefinitionNode): string {
  const [zh, en] = inBothLanguages(description?.value);
  return `${zh.split(/[,;:。]/)[0]}。 ${en.split(/[,;:.]/)[0]}.`;
}

/** Converts `foundedOnYear` to `FOUNDED_ON_YEAR`; `camelCase` is the inverse. */
export const constantCase = (name: string) => name.replace(/[A-Z0-9]+/g, '_$&').toUpperCase();

/** The lists in the schema of a subgraph. */
class Types {
  readonly #definitions;
  constructor({ definitions }: DocumentNode) {
    this.#definitions = definitions;
  }

  /** Returns each connection that can be filtered, with its filter input. */
  filteredConnections(): Filtered[] {
    const filters = new Map<string, string>();
    for (const definition of this.#definitions) {
      if (!isObject(definition.kind) || !('fields' in definition)) continue;
      for (const field of definition.fields as readonly FieldDefinitionNode[]) {
        const filter = field.arguments?.find(({ name }) => name.value === 'filter');
        const type = namedType(field.type);
        if (filter && type.endsWith('Connection')) filters.set(type, namedType(filter.type));
      }
    }
    return [...filters]
      .map(([connection, filter]) => ({ connection, row: this.#rowOf(connection), filter }))
      .sort(byConnection);
  }

  /** Returns the type of the rows of a connection. */
  #rowOf(connection: string): string {
    const nodes = this.#objects(connection)
      .flatMap(({ fields }) => fields ?? [])
      .find(({ name }) => name.value === 'nodes');
    return nodes ? namedType(nodes.type) : connection.slice(0, -'Connection'.length);
  }

  conditionsOf(filter: string): readonly InputValueDefinitionNode[] {
    return this.#inputFields(filter).filter(({ type }) => namedType(type) !== filter);
  }

  /** Returns the type of a condition's values: that of `eq`, or the type of the condition itself if it has no `eq`. */
  comparedType({ type }: InputValueDefinitionNode): string {
    const equal = this.#inputFields(namedType(type)).find(({ name }) => name.value === 'eq');
    return namedType(equal?.type ?? type);
  }

  isRegion = ({ type }: InputValueDefinitionNode) => namedType(type) === 'RegionFilter';

  isEnum = (type: string) =>
    this.#definitions.some((each) => each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === type);

  /**
   * Returns the type of a measure. A date is a measure only if it is a field of the row itself; a condition may also concern related rows.
   */
  measureType(condition: InputValueDefinitionNode, row: string): string | undefined {
    const type = this.comparedType(condition);
    if (type === 'Yuan' || type === 'Decimal') return `${type}Aggregate`;
    return type === 'Date' && this.#discloses(condition, row) ? 'DateAggregate' : undefined;
  }

  /** True if a row can have several values for the condition, because none of its fields holds a single one. */
  isMany(condition: InputValueDefinitionNode, row: string): boolean {
    if (this.isRegion(condition) || this.comparedType(condition) === 'Boolean') return false;
    const field = this.#discloses(condition, row);
    return !field || isList(field);
  }

  /** True if a field identifies a row. */
  isKey = (row: string, name: string) =>
    name === 'id' ||
    this.#objects(row).some(({ directives }) =>
      directives?.some(
        (each) => each.name.value === 'key' && print(each.arguments?.[0]?.value ?? each) === `"${name}"`,
      ),
    );

  /** Returns the class of a condition as `@sharing(…)`: its own, or that of the field that it discloses. */
  sharingOf(condition: InputValueDefinitionNode, row: string): string {
    const disclosed = this.#discloses(condition, row);
    const ofType = this.#objects(row).flatMap(({ directives }) => directives ?? []);
    return (
      sharingIn(condition.directives) ||
      sharingIn(disclosed?.directives) ||
      (disclosed ? sharingIn(ofType) : '')
    );
  }

  /** Returns the directives of a connection; its aggregates have the same. */
  directivesOf(connection: string): string {
    return this.#objects(connection)
      .flatMap(({ directives }) => directives ?? [])
      .filter(({ name }) => name.value === 'sharing' || name.value === 'shareable')
      .map((each) => print(each))
      .join(' ');
  }

  isShareable = (type: string) =>
    this.#objects(type).some(({ directives }) => directives?.some(({ name }) => name.value === 'shareable'));

  #discloses({ name }: InputValueDefinitionNode, row: string): FieldDefinitionNode | undefined {
    const fields = this.#objects(row).flatMap((each) => each.fields ?? []);
    return disclosedFields(name.value)
      .map((name) => fields.find((field) => field.name.value === name))
      .find((field) => field !== undefined);
  }

  #objects(name: string) {
    return this.#definitions
      .filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION || each.kind === Kind.OBJECT_TYPE_EXTENSION)
      .filter((each) => each.name.value === name);
  }

  #inputFields(name: string): readonly InputValueDefinitionNode[] {
    return this.#definitions
      .filter((each) => each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      .filter((each) => each.name.value === name)
      .flatMap((each) => each.fields ?? []);
  }
}

const isObject = (kind: Kind) => kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.OBJECT_TYPE_EXTENSION;

const isList = ({ type }: FieldDefinitionNode) =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && type.type.kind === Kind.LIST_TYPE);

const byConnection = (a: { connection: string }, b: { connection: string }) =>
  a.connection < b.connection ? -1 : 1;

/** Drops `masked`, because only text has a masked form. */
const sharingIn = (directives: readonly ConstDirectiveNode[] = []) =>
  directives
    .filter(({ name }) => name.value === 'sharing')
    .map((each) =>
      print({ ...each, arguments: (each.arguments ?? []).filter(({ name }) => name.value !== 'masked') }),
    )[0] ?? '';
