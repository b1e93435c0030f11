import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { fieldsOfHub } from '../../support/control-plane.ts';
import { fieldsOf as graphFieldsOf, leadsOnly, rowsBehind, schema } from './graph.ts';
import type { Question } from './hubs.ts';
import type { Random } from './random.ts';
import { anyValue, literal } from './values.ts';

/**
 * Numbers that may be shown more freely than their rows, and are null if they would disclose fewer than three: they may change with hidden
 * rows. Tests of their own cover what they disclose.
 */
const freer = [
  'Event.inspectionFunnel',
  'Region.partyCoverage',
  'Region.returnsSummary',
  'Query.returnsSummary',
];
/**
 * A total that its owner shares as a fact of the policy, even if an agreement is limited by region (docs/aggregates.md): it counts hidden
 * payouts. Callers who may not see it are still asked about it.
 */
const consented = ['Policy.paidTotal'];
/** Excludes the access log and the control plane's own records, which other tests cover. */
const leftToOthers = (typeName: string, name: string) =>
  name === 'accessLog' ||
  (typeName === 'Query' && fieldsOfHub.has(name)) ||
  freer.includes(`${typeName}.${name}`);

/** Returns a random question over the whole graph; mostly by fields for which `isSeen` is true, so that there is an answer. */
export function anyQuestion(random: Random, isSeen: IsSeen): Question {
  const writer = new QuestionWriter(random, isSeen);
  const roots = writer.fieldsOf('Query');
  const lists = roots.filter(({ type }) => leadsOnly(getNamedType(type).name));
  const chosen = random.some(random.happens(0.7) ? lists : roots, random.happens(0.25) ? 2 : 1);
  const body = chosen.map((field) => writer.field(field, 'Query', 3)).join(' ');
  return writer.question(body);
}

/** Returns a random question for an export: one list as a table. */
export function anyTable(random: Random, isSeen: IsSeen): Question {
  const writer = new QuestionWriter(random, isSeen);
  const lists = writer
    .fieldsOf('Query')
    .filter((field) => rowsBehind(getNamedType(field.type).name) !== getNamedType(field.type).name);
  const list = random.one(lists);
  const rows = getNamedType(
    schema.getType(rowsBehind(getNamedType(list.type).name)) ?? null,
  ) as GraphQLNamedType;
  const filter = random.happens(0.5) ? writer.argument(list, 'filter', 1) : '';
  const selection = writer.selection(rows, 1, { areLists: false });
  return writer.question(`${list.name}${filter && `(${filter})`} { nodes { ${selection} } }`);
}

/** True if a caller sees a coordinate for some rows at least. */
export type IsSeen = (coordinate: string) => boolean;

/** Probability of a field that may not be seen. */
const asksInVain = 0.08;

class QuestionWriter {
  readonly #random: Random;
  readonly #isSeen: IsSeen;
  readonly #isConsented: IsSeen;
  readonly #isShown: (typeName: string) => boolean;
  readonly #declared: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #names = 0;

  constructor(random: Random, isSeen: IsSeen) {
    this.#random = random;
    this.#isConsented = (coordinate) => consented.includes(coordinate) && isSeen(coordinate);
    this.#isShown = (typeName) => graphFieldsOf(typeName).some(({ name }) => isSeen(`${typeName}.${name}`));
    this.#isSeen = (coordinate) => random.happens(asksInVain) || isSeen(coordinate);
  }

  question(body: string): Question {
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    return {
      query: [`query Asked${declared} { ${body} }`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  fieldsOf(typeName: string): GraphQLField<unknown, unknown>[] {
    const type = schema.getType(typeName);
    return isObjectType(type)
      ? Object.values(type.getFields()).filter(
          ({ name }) =>
            !leftToOthers(typeName, name) &&
            !this.#isConsented(`${typeName}.${name}`) &&
            this.#isSeen(`${typeName}.${name}`),
        )
      : [];
  }

  field(field: GraphQLField<unknown, unknown>, typeName: string, depth: number, areLists = true): string {
    const type = getNamedType(field.type);
    const head = `${this.#name(field.name)}: ${field.name}${this.#arguments(field, depth)}`;
    if (isLeafType(type)) return head;
    return `${head}${this.#directive()} { ${this.selection(type, typeName === 'Query' ? depth : depth - 1, { areLists })} }`;
  }

  /** Returns a random selection on an object. */
  selection(type: GraphQLNamedType, depth: number, { areLists = true } = {}): string {
    if (isUnionType(type))
      return this.#ofMembers(
        type.getTypes().map(({ name }) => name),
        depth,
      );
    if (isAbstractType(type) || !isObjectType(type)) return '__typename';
    if (leadsOnly(type.name)) return this.#ofPage(type.name, depth);
    const all = this.fieldsOf(type.name).filter(
      (field) => (depth > 0 || isLeafType(getNamedType(field.type))) && (areLists || isPlain(field)),
    );
    const chosen = this.#random.some(all, 1 + this.#random.below(4));
    // The id of a record shows which one is wrong.
    const id = all.find(({ name }) => (name === 'id' || name === 'code') && this.#random.happens(0.4));
    const fields = [...new Set([...(id ? [id] : []), ...chosen])].map((each) =>
      isLeafType(getNamedType(each.type)) && each.args.length === 0 && this.#random.happens(0.7)
        ? `${type.name}_${each.name}: ${each.name}`
        : this.field(each, type.name, depth, areLists),
    );
    const text = fields.length > 0 ? fields.join(' ') : '__typename';
    return this.#random.happens(0.1) ? this.#inFragment(text, type.name) : text;
  }

  argument(field: GraphQLField<unknown, unknown>, name: string, depth: number): string {
    const argument = field.args.find((each) => each.name === name);
    if (!argument) return '';
    const value = anyValue(
      argument.type,
      { random: this.#random, isSeen: this.#isSeen },
      depth,
      `${field.name}.${name}`,
    );
    if (!this.#random.happens(0.3)) return `${name}: ${literal(value, argument.type)}`;
    const variable = `v${this.#names++}`;
    this.#declared.push(`$${variable}: ${argument.type}`);
    this.#variables[variable] = value;
    return `${name}: $${variable}`;
  }

  #name(name: string): string {
    return `${name}_${this.#names++}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>, depth: number): string {
    const chances: Readonly<Record<string, number>> = {
      filter: 0.5,
      orderBy: 0.35,
      groupBy: 0.8,
      having: 0.2,
      after: 0,
      before: 0,
      last: 0,
    };
    const parts = field.args.flatMap((argument) => {
      if (argument.name === 'first') return [`first: ${1 + this.#random.below(8)}`];
      const isAsked = isRequiredArgument(argument) || this.#random.happens(chances[argument.name] ?? 0.3);
      return isAsked ? [this.argument(field, argument.name, Math.min(depth, 2))] : [];
    });
    return parts.length > 0 ? `(${parts.join(', ')})` : '';
  }

  #directive(): string {
    if (!this.#random.happens(0.04)) return '';
    const variable = `v${this.#names++}`;
    this.#declared.push(`$${variable}: Boolean!`);
    this.#variables[variable] = this.#random.happens(0.7);
    return ` @include(if: $${variable})`;
  }

  #ofPage(typeName: string, depth: number): string {
    const fields = this.fieldsOf(typeName);
    const rows = fields.filter(({ name }) => name === 'nodes' || name === 'edges');
    // The last page of events ends where their agency stood when it answered, whoever asked.
    const isOfEvents = typeName.endsWith('ChangeConnection');
    const others = fields.filter(({ name }) => name === 'totalCount' || (name === 'pageInfo' && !isOfEvents));
    const sums = fields.filter(({ name }) => name === 'aggregates');
    if (rows.length === 0) {
      return (
        fields
          .map((field) =>
            isLeafType(getNamedType(field.type)) ? field.name : this.field(field, typeName, depth),
          )
          .join(' ') || '__typename'
      );
    }
    const chosen = [
      ...(this.#random.happens(0.8) ? this.#random.some(rows, 1) : []),
      ...others.filter(() => this.#random.happens(0.4)),
      ...sums.filter(() => this.#random.happens(0.2)),
    ];
    const text = (chosen.length > 0 ? chosen : others)
      .map((field) => this.field(field, 'Query', depth))
      .join(' ');
    return text || '__typename';
  }

  #ofMembers(members: readonly string[], depth: number): string {
    // A field that identifies a record discloses that it exists, even if nothing else of its type is visible; its masked name discloses no
    // more.
    const shown = members.filter(this.#isShown);
    const chosen = this.#random.some(shown, 1 + this.#random.below(4));
    const parts = chosen.map((name) => {
      const type = schema.getType(name);
      return type ? `... on ${name} { ${this.selection(type, Math.max(0, depth - 1))} }` : '';
    });
    return `__typename ${parts.join(' ')}`;
  }

  #inFragment(text: string, typeName: string): string {
    const name = `F${this.#names++}`;
    this.#fragments.push(`fragment ${name} on ${typeName} { ${text} }`);
    return `...${name}`;
  }
}

/** True for a field that fits into a row of a table: a value, or one object. */
const isPlain = ({ type, args }: GraphQLField<unknown, unknown>) => {
  const named = getNamedType(type);
  return (
    args.length === 0 &&
    !String(type).startsWith('[') &&
    (isLeafType(named) || (isObjectType(named) && !leadsOnly(named.name)))
  );
};
