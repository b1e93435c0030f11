import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from './context.ts';
import type { Page } from './page.ts';
import type { Positioned } from './positioned.ts';
import type { Reference } from './reference.ts';

export type { ListPage } from './page.ts';
export type { Paging } from './page-args.ts';
export type { Reference };

/** A field of a type: its arguments, its value, and the facts that other subgraphs must bring with its object. */
export interface Field<Args, Value, Required = unknown> {
  readonly args: Args;
  readonly value: Value;
  readonly required: Required;
}

/** A page as a resolver may return it. Each part that the kit computes on request can also be a plain value. */
export type CountedPage<Row> = {
  readonly [Part in keyof Page<Row>]: Page<Row>[Part] extends () => infer Value
    ? Now<Awaited<Value>>
    : Page<Row>[Part];
};

/** A page of a list without its number of rows. */
export type UncountedPage<Row> = Omit<CountedPage<Row>, 'totalCount'>;

/** A list of entities, each of which may be a promise or hidden from the caller. */
export type Items<Value> = readonly (Value | null | Promise<Value | null>)[];

/** The value for an object of a type: the row in `Rows`, else the key of an entity, else an object with the values of its fields. */
export type ValueOf<Name extends string, Rows, Keys, Fields> = Name extends keyof Rows
  ? Rows[Name]
  : Name extends keyof Keys
    ? Keys[Name] & { readonly __typename?: Name }
    : Name extends keyof Fields
      ? { readonly [Field in keyof Fields[Name]]: ValueOfField<Fields[Name][Field]> }
      : never;

type ValueOfField<F> = F extends { readonly value: infer Value } ? Value : never;

type Resolver<Parent, F> =
  F extends Field<infer Args, infer Value, infer Required>
    ? (
        parent: Parent & Required,
        args: Args,
        context: Context,
        info: GraphQLResolveInfo,
      ) => Value | Promise<Value>
    : never;

/** The resolver of a subscription: a stream of values, each at its position. */
type Subscriber<F> =
  F extends Field<infer Args, infer Value, unknown>
    ? {
        readonly subscribe: (
          root: unknown,
          args: Args,
          context: Context,
          info: GraphQLResolveInfo,
        ) => AsyncIterable<Positioned<NonNullable<Value>>>;
      }
    : never;

/** A value, or a function that computes it when it is requested. */
type Now<Value> = Value | (() => Value | Promise<Value>);

/** A value of a row. GraphQL answers null if it is undefined. */
type HeldValue<Value> = null extends Value ? Value | undefined : Value;

/** Fields of a type that its rows hold themselves; they need no resolver. */
type Held<Parent, Fields> = {
  [Name in keyof Fields]: Name extends keyof Parent
    ? Parent[Name] extends Now<HeldValue<ValueOfField<Fields[Name]>>>
      ? Name
      : never
    : never;
}[keyof Fields];

type ResolversOfType<Parent, Fields, Key> = {
  readonly [Name in Exclude<keyof Fields, Held<Parent, Fields>>]: Resolver<Parent, Fields[Name]>;
} & {
  readonly [Name in Held<Parent, Fields>]?: Resolver<Parent, Fields[Name]>;
} & {
  /** Finds the row of an entity by its key. */
  readonly __resolveReference?: (
    key: Key,
    context: Context,
    info: GraphQLResolveInfo,
  ) => Parent | null | Promise<Parent | null>;
};

type ParentOf<Name, Rows, Keys, Fields> = Name extends 'Query' | 'Mutation'
  ? unknown
  : ValueOf<Name & string, Rows, Keys, Fields>;

type AllResolvers<Rows, Keys, Fields> = {
  readonly [Name in keyof Fields]: Name extends 'Subscription'
    ? { readonly [Each in keyof Fields[Name]]: Subscriber<Fields[Name][Each]> }
    : ResolversOfType<
        ParentOf<Name, Rows, Keys, Fields>,
        Fields[Name],
        Name extends keyof Keys ? Keys[Name] : never
      >;
};

/** Types whose fields are all in the rows. */
type HeldTypes<All> = { [Name in keyof All]: object extends All[Name] ? Name : never }[keyof All];

/** Resolvers of a subgraph, by type and field, for all fields that rows do not hold. */
export type ResolversOf<Rows, Keys, Fields, All = AllResolvers<Rows, Keys, Fields>> = {
  readonly [Name in Exclude<keyof All, HeldTypes<All>>]: All[Name];
} & { readonly [Name in HeldTypes<All>]?: All[Name] };
