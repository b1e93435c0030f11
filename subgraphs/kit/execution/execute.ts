import {
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeByGraphqlJs,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  getNullableType,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type Fault, type Holder, settleFaults } from './faults.ts';
import { hidden } from './hidden.ts';
import { Incomplete } from './incomplete.ts';
import type { Plan, PlannedField, Selection } from './plan.ts';
import { noOperation, type Prepared, prepare, type Variables } from './prepare.ts';

/** A context with fields that are shown for some objects only. */
interface MayHide {
  shownOf?(coordinate: string): ((source: unknown) => Promise<boolean>) | undefined;
}

/** Places of values in the answer: in each holder under the same key, or in each under its own. */
interface Places {
  readonly holders: readonly Holder[];
  readonly keys: string | readonly number[];
}

interface Values {
  readonly values: readonly unknown[];
  readonly places: Places;
}

/**
 * Executes a validated operation. A query is executed level by level: a field is resolved for all objects that it is selected on, anywhere
 * in the answer, before the level below. So its arguments are read once, it is awaited once, and the keys of all objects are in one batch.
 * The result equals that of graphql-js `execute`, which executes mutations, because their fields wait for each other.
 */
export async function execute(asked: ExecutionArgs): Promise<ExecutionResult> {
  const { document, rootValue, contextValue, operationName } = asked;
  const operation = getOperationAST(document, operationName);
  if (operation?.operation === 'mutation') return await executeByGraphqlJs(asked);
  if (operation?.operation !== 'query') return noOperation(operationName);
  const prepared = prepare(asked);
  return 'errors' in prepared ? prepared : run(prepared, contextValue, rootValue);
}

/** Executes the selection of a subscription for one event. Without `resolve`, the value of the event is that of the field. */
export function executeEvent(prepared: Prepared, context: unknown, value: unknown): Promise<ExecutionResult> {
  const [field] = prepared.plan.root.fields;
  const { resolve, name = '' } = field?.definition ?? {};
  return run(prepared, context, resolve ? value : { [name]: value });
}

const run = ({ schema, plan, variables }: Prepared, context: unknown, rootValue: unknown) =>
  new Execution(schema, plan, variables, context).run(rootValue);

class Execution {
  readonly #schema: GraphQLSchema;
  readonly #plan: Plan;
  readonly #variables: Variables;
  readonly #context: MayHide | undefined;
  readonly #faults: Fault[] = [];
  readonly #end = Promise.withResolvers<void>();
  /** Number of fields and lists that wait for promises. */
  #waiting = 0;

  constructor(schema: GraphQLSchema, plan: Plan, variables: Variables, context: unknown) {
    this.#schema = schema;
    this.#plan = plan;
    this.#variables = variables;
    this.#context = context as MayHide | undefined;
  }

  async run(rootValue: unknown): Promise<ExecutionResult> {
    const data: Holder = { ...this.#plan.root.blank };
    this.#answer(this.#plan.root, [rootValue], [data]);
    if (this.#waiting > 0) await this.#end.promise;
    return this.#faults.length > 0 ? settleFaults(data, this.#faults) : { data };
  }

  #answer({ fields }: Selection, sources: readonly unknown[], objects: readonly Holder[]): void {
    for (const field of fields) {
      const places = { holders: objects, keys: field.key };
      this.#whenSettled(this.#resolve(field, sources), (values) =>
        this.#complete(field, field.definition.type, values, places),
      );
    }
  }

  /** Calls the field's resolver for each source; returns values, and an error for each call that failed. */
  #resolve(field: PlannedField, sources: readonly unknown[]): unknown[] {
    const { definition, nodes } = field;
    const resolve = definition.resolve ?? defaultFieldResolver;
    const info = this.#plan.infoOf(field, this.#variables);
    try {
      const args = getArgumentValues(definition, nodes[0], this.#variables);
      const resolveOne = (source: unknown) => {
        try {
          return resolve(source, args, this.#context, info);
        } catch (error) {
          return asError(error);
        }
      };
      const isShown = this.#shownOf(field);
      if (!isShown) return sources.map(resolveOne);
      const nothing = isNonNullType(definition.type) ? [] : null;
      return sources.map(async (source) => ((await isShown(source)) ? resolveOne(source) : nothing));
    } catch (error) {
      return sources.map(() => error);
    }
  }

  /**
   * Returns a test whether a field is resolved for an object; undefined if it is resolved for all. A non-null field is tested only if it
   * can be empty.
   */
  #shownOf({ definition: { name, type }, parentType }: PlannedField) {
    const mayBeWithout = !isNonNullType(type) || isListType(type.ofType);
    return mayBeWithout ? this.#context?.shownOf?.(`${parentType.name}.${name}`) : undefined;
  }

  /** Continues when all values are settled; at once if there is no promise. */
  #whenSettled(values: readonly unknown[], goOn: (settled: readonly unknown[]) => void): void {
    if (!values.some(isPromise)) {
      goOn(values);
      return;
    }
    this.#waiting++;
    settled(values)
      .then(goOn)
      .then(() => {
        if (--this.#waiting === 0) this.#end.resolve();
      }, this.#end.reject);
  }

  #complete(field: PlannedField, type: GraphQLOutputType, values: readonly unknown[], places: Places): void {
    const present = this.#present(field, type, values, places);
    if (present.values.length === 0) return;
    const ofValues = getNullableType(type);
    if (isLeafType(ofValues)) this.#completeLeaves(field, ofValues, present);
    else if (isListType(ofValues)) this.#completeLists(field, ofValues, present, !isNonNullType(type));
    else if (isAbstractType(ofValues)) this.#completeAbstract(field, ofValues, present);
    else this.#completeObjects(field, ofValues, present);
  }

  /** Returns a value that lacks a part like any other, and notes what it lacks. */
  #whole(field: PlannedField, { holders, keys }: Places, i: number, value: unknown): unknown {
    if (!(value instanceof Incomplete)) return value;
    const holder = holders[i] as Holder;
    const key = typeof keys === 'string' ? keys : (keys[i] as number);
    for (const error of value.errors) this.#faults.push({ field, holder, key, error, keepsValue: true });
    return value.value;
  }

  /** Returns the values that are present. Each other value becomes null in the answer, and a fault if it is an error or may not be null. */
  #present(field: PlannedField, type: GraphQLOutputType, given: readonly unknown[], places: Places): Values {
    const isPresent = (value: unknown) => value != null && !(value instanceof Error);
    if (given.every((value) => isPresent(value) && !(value instanceof Incomplete))) {
      return { values: given, places };
    }
    const values = given.map((value, i) => this.#whole(field, places, i, value));
    values.forEach((value, i) => {
      if (value instanceof Error) this.#fail(field, places, i, value);
      else if (value == null && isNonNullType(type)) {
        this.#fail(
          field,
          places,
          i,
          new Error(`Cannot return null for non-nullable field ${nameOf(field)}.`),
        );
      } else if (value == null) put(places, i, null);
    });
    return only(values, places, (i) => isPresent(values[i]));
  }

  #completeLeaves(field: PlannedField, type: GraphQLLeafType, { values, places }: Values): void {
    values.forEach((value, i) => {
      try {
        const written = type.serialize(value);
        if (written == null) throw new Error(`${type} cannot write the value of ${nameOf(field)}.`);
        put(places, i, written);
      } catch (error) {
        this.#fail(field, places, i, asError(error));
      }
    });
  }

  #completeLists(
    field: PlannedField,
    type: GraphQLList<GraphQLOutputType>,
    { values, places }: Values,
    mayBeNull: boolean,
  ): void {
    const items: unknown[] = [];
    const lists: unknown[][] = [];
    const holders: Holder[] = [];
    const keys: number[] = [];
    values.forEach((value, i) => {
      if (!isIterable(value)) {
        this.#fail(field, places, i, new Error(`Expected a list for ${nameOf(field)}.`));
        return;
      }
      const list: unknown[] = [];
      put(places, i, list);
      lists[i] = list;
      for (const item of value) {
        items.push(item);
        holders.push(list as unknown as Holder);
        keys.push(list.length);
        list.push(null);
      }
    });
    this.#whenSettled(items, (settled) => {
      const hides = settled.includes(hidden);
      const before = hides && mayBeNull ? lists.map(({ length }) => length) : [];
      const shown = hides ? withoutHidden(settled, holders) : { values: settled, places: { holders, keys } };
      // A list that may be null is null where it has no item, so that a hidden item looks like one that does not exist.
      before.forEach((length, i) => {
        if (length > 0 && lists[i]?.length === 0) put(places, i, null);
      });
      this.#complete(field, type.ofType, shown.values, shown.places);
    });
  }

  #completeAbstract(field: PlannedField, type: GraphQLAbstractType, { values, places }: Values): void {
    const types = values.map((value, i) => {
      try {
        return this.#typeOf(field, type, value);
      } catch (error) {
        this.#fail(field, places, i, asError(error));
        return undefined;
      }
    });
    for (const each of new Set(types)) {
      if (each)
        this.#completeObjects(
          field,
          each,
          only(values, places, (i) => types[i] === each),
        );
    }
  }

  #typeOf(field: PlannedField, type: GraphQLAbstractType, value: unknown): GraphQLObjectType {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const name = resolveType(value, this.#context, this.#plan.infoOf(field, this.#variables), type);
    const found = typeof name === 'string' ? this.#schema.getType(name) : undefined;
    if (isObjectType(found) && this.#schema.isSubType(type, found)) return found;
    throw new Error(`The value of ${nameOf(field)} is of no type of ${type}.`);
  }

  #completeObjects(field: PlannedField, type: GraphQLObjectType, { values, places }: Values): void {
    const selection = this.#plan.selectionOf(field, type);
    const objects = values.map((_, i): Holder => {
      const object = { ...selection.blank };
      put(places, i, object);
      return object;
    });
    this.#answer(selection, values, objects);
  }

  #fail(field: PlannedField, { holders, keys }: Places, i: number, error: Error): void {
    const holder = holders[i] as Holder;
    const key = typeof keys === 'string' ? keys : (keys[i] as number);
    holder[key] = null;
    this.#faults.push({ field, holder, key, error });
  }
}

function put({ holders, keys }: Places, i: number, value: unknown): void {
  (holders[i] as Holder)[typeof keys === 'string' ? keys : (keys[i] as number)] = value;
}

/** Returns the values whose indices pass the test. */
function only(
  values: readonly unknown[],
  { holders, keys }: Places,
  isWanted: (i: number) => boolean,
): Values {
  const at = <T>(all: readonly T[]) => all.filter((_, i) => isWanted(i));
  return {
    values: at(values),
    places: { holders: at(holders), keys: typeof keys === 'string' ? keys : at(keys) },
  };
}

/** Like `Promise.all`, but a value that fails is replaced by its error. */
async function settled(values: readonly unknown[]): Promise<readonly unknown[]> {
  try {
    return await Promise.all(values);
  } catch {
    const outcomes = await Promise.allSettled(values);
    return outcomes.map((each) => (each.status === 'fulfilled' ? each.value : asError(each.reason)));
  }
}

/** Returns the items of lists without the hidden ones, without gaps. */
function withoutHidden(items: readonly unknown[], lists: readonly Holder[]): Values {
  for (const list of new Set(lists)) (list as unknown as unknown[]).length = 0;
  const places: { holders: Holder[]; keys: number[] } = { holders: [], keys: [] };
  const values = items.filter((item, i) => {
    if (item === hidden) return false;
    const list = lists[i] as Holder;
    places.holders.push(list);
    places.keys.push((list as unknown as unknown[]).push(null) - 1);
    return true;
  });
  return { values, places };
}

const isPromise = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(`Something else than an error was thrown: ${thrown}.`);

const nameOf = ({ parentType, definition }: PlannedField): string => `${parentType.name}.${definition.name}`;
