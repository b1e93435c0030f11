import { maxDimensions, maxGroups } from '@wenshu/schema/aggregates.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { type SQL, sql } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import { type Reason, reasons } from './additivity.ts';
import type { Dimension, ParentLink } from './dimension.ts';
import { fieldsAsked } from './fields-asked.ts';
import { type Figure, figure, figureText, type Measure, type Measures, measuresOf } from './figure.ts';
import { columnCondition, whereOf } from './filter.ts';
import { dimensionsOf, type GroupByInput, nameOf } from './group-by.ts';
import { groupColumn, groupsSql } from './groups.ts';
import type { Condition, List } from './list.ts';

type Input = Readonly<Record<string, unknown>>;
type Direction = 'ASC' | 'DESC';

/** Arguments of the field `aggregates` of a list. */
export interface AggregateArgs {
  groupBy?: readonly GroupByInput[] | null;
  having?: Input | null;
  orderBy?: readonly Input[] | null;
  first: number;
}

/** A group of the answer. */
export type Group = Readonly<Record<string, unknown>>;

/** A statement for the groups of a list's rows. */
export interface GroupQuery {
  /** Unique name of the query. */
  readonly name: string;
  /** Returns the SQL for the groups of the rows that meet the condition. */
  select(where: SQL): SQL;
  groupOf(row: Input): Group;
}

/** Builds the query for the groups that a field asks for. Refuses arguments that contradict each other. */
export function groupQuery(
  list: List,
  args: AggregateArgs,
  info: GraphQLResolveInfo,
  parentLinks: readonly ParentLink[] = [],
): GroupQuery {
  const groupBy = args.groupBy ?? [];
  refuseTooMany(args.first, groupBy);
  const dimensions = dimensionsOf(list, groupBy, parentLinks);
  const measures = measuresOf(list, info.schema);
  const asked = figuresAsked(list, measures, info);
  const having = havingOf(list, args.having, measures);
  const order = [
    ...(args.orderBy ?? []).map((input, i) => orderOf(input, groupBy, measures, `orderBy.${i}`)),
    ...groupBy.map(({ direction }, i) => ({ by: groupColumn(i), direction, figures: [] })),
  ];
  const used = [...asked, ...having.figures, ...order.flatMap(({ figures }) => figures)];
  const figures = [...new Map(used.map((each) => [each.name, each])).values()];

  return {
    name: JSON.stringify([args, asked.map(({ name }) => name)]),
    select: (where) => sql`
      select ${listed([
        ...dimensions.map((_, i) => sql`${groupColumn(i)}`),
        ...asked.map((each) => sql`${figureText(each)} as ${sql.identifier(each.name)}`),
        sql`count(*) over ()::int as "groupCount"`,
      ])}
      from (${groupsSql(list, dimensions, figures, where)}) as figures
      where ${having.condition ?? sql`true`}
      ${order.length > 0 ? sql`order by ${listed(order.map(orderSql))}` : sql``}
      limit ${args.first}`,
    groupOf: (row) => groupOf(row, dimensions, measures),
  };
}

function refuseTooMany(first: number, groupBy: readonly GroupByInput[]): void {
  if (first < 1 || first > maxGroups) {
    throw badInput(
      'first',
      `"first" must be from 1 to ${maxGroups}, not ${first}.`,
      `“first”须为 1 至 ${maxGroups},不能是 ${first}。`,
    );
  }
  if (groupBy.length > maxDimensions) {
    throw badInput(
      'groupBy',
      `"groupBy" may have ${maxDimensions} entries, not ${groupBy.length}.`,
      `“groupBy”至多 ${maxDimensions} 项,不能是 ${groupBy.length} 项。`,
    );
  }
  const names = groupBy.map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw badInput('groupBy', `"groupBy" has ${twice} twice.`, `“groupBy”中 ${twice} 重复。`);
}

function figuresAsked(list: List, measures: Measures, info: GraphQLResolveInfo): Figure[] {
  return [...fieldsAsked(info, `${list.type}Aggregate`)].flatMap((field) => {
    const measure = measures.get(field);
    if (!measure) return field === 'count' || field === 'share' || field === 'growth' ? [figure(field)] : [];
    const kinds = [...fieldsAsked(info, measure.type, field)];
    const figureKinds = new Set([...kinds].filter((kind) => !kind.startsWith('__')).map(figureKind));
    return [...figureKinds].map((kind) => figure(kind, measure));
  });
}

/** The reason is one figure, in two languages. */
const figureKind = (field: string) => (field === 'reasonZh' ? 'reason' : field);

/** `{ count: {gt: 3}, registeredCapital: {sum: {gt: "5"}} }` */
function havingOf({ id }: List, having: Input | null | undefined, measures: Measures) {
  const figures: Figure[] = [];
  const condition = (kind: string, measure?: Measure) =>
    ((input: Input, path) => {
      const one = figure(kind, measure);
      figures.push(one);
      return columnCondition(sql`${sql.identifier(one.name)}`, input, path);
    }) as Condition;
  const ofRecords = ['count', 'share', 'growth'].map((kind) => [kind, condition(kind)] as const);
  const ofMeasures = [...measures.values()].map((measure) => {
    const all = ((input: Input, path) =>
      whereOf(
        {
          id,
          filter: Object.fromEntries(Object.keys(input).map((kind) => [kind, condition(kind, measure)])),
        },
        input,
        path,
      ) ?? sql`true`) as Condition;
    return [measure.name, all] as const;
  });
  const filter = Object.fromEntries<Condition>([...ofRecords, ...ofMeasures]);
  return { condition: whereOf({ id, filter }, having, 'having'), figures };
}

interface Order {
  readonly by: SQL;
  readonly direction: Direction;
  readonly figures: readonly Figure[];
}

/** `{group: {field: KIND, direction: DESC}}`, `{count: DESC}` or `{registeredCapital: {sum: DESC}}` */
function orderOf(input: Input, groupBy: readonly GroupByInput[], measures: Measures, path: string): Order {
  const [name, value] = onlyOne(input, path);
  if (name === 'group') {
    const group = value as GroupByInput;
    const at = groupBy.findIndex((each) => nameOf(each) === nameOf(group));
    if (at < 0) {
      throw badInput(
        `${path}.group`,
        `The groups are not by ${nameOf(group)}. Add it to "groupBy".`,
        `并未按 ${nameOf(group)} 分组。请将其加入“groupBy”。`,
      );
    }
    return { by: groupColumn(at), direction: group.direction, figures: [] };
  }
  const measure = measures.get(name);
  const [kind, direction] = measure ? onlyOne(value as Input, `${path}.${name}`) : [name, value];
  const one = figure(kind, measure);
  return { by: sql`${sql.identifier(one.name)}`, direction: direction as Direction, figures: [one] };
}

function onlyOne(input: Input, path: string): readonly [name: string, value: unknown] {
  const given = Object.entries(input).filter(([, value]) => value != null);
  const [only] = given;
  if (only && given.length === 1) return only;
  const names = given.map(([name]) => name);
  throw badInput(
    path,
    `"${path}" must give exactly one thing to order by, not ${names.join(' and ') || 'nothing'}.`,
    `“${path}”须恰好给出一个排序依据,不能是${names.length > 0 ? ` ${names.join('、')}` : '空'}。`,
  );
}

/** Orders by the numbers themselves, not by their text, which is selected under the same name. */
const orderSql = ({ by, direction }: Order): SQL => sql`figures.${by} ${sql.raw(direction)} nulls last`;

function groupOf(row: Input, dimensions: readonly Dimension[], measures: Measures): Group {
  const figureOf = (kind: string, prefix = '') => {
    const value = row[`${prefix}${kind}`] ?? null;
    return kind === 'growth' ? growthOf(value) : value;
  };
  const reasonOf = (name: string) => {
    const code = row[`${name}.reason`] as Reason | null | undefined;
    return code ? reasons[code] : undefined;
  };
  const keys = dimensions.map((each, i) => ({ ...each, value: row[`g${i}`] ?? null }));
  const kinds = ['count', 'sum', 'avg', 'min', 'max', 'share', 'growth', 'approx'];
  const ofMeasures = [...measures.keys()].map((name) => [
    name,
    {
      ...Object.fromEntries(kinds.map((kind) => [kind, figureOf(kind, `${name}.`)])),
      reason: reasonOf(name)?.en ?? null,
      reasonZh: reasonOf(name)?.zh ?? null,
    },
  ]);
  return {
    ...Object.fromEntries(ofMeasures),
    group: {
      ...Object.fromEntries(keys.map(({ field, value }) => [field, value])),
      related: keys.flatMap(({ field, isRelated, kind, value }) =>
        isRelated ? [{ by: field, value, region: kind === 'region' ? value : null }] : [],
      ),
    },
    count: row.count,
    share: figureOf('share'),
    growth: figureOf('growth'),
    groupCount: row.groupCount,
  };
}

/** Growth of absolute numbers (绝对量同比): records are added and removed from one year to the next, so the basis is not comparable. */
const growthOf = (value: unknown) =>
  value === null ? null : { value, unit: 'percent', kind: 'YOY_ABSOLUTE_AMOUNT', noteZh: null };

const listed = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
