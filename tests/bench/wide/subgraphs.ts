import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import {
  author,
  guests,
  products,
  type Review,
  reviews,
  reviewsOfProduct,
  reviewsOfUser,
  shippingEstimate,
  topProducts,
  users,
} from './data.ts';

type Key = { readonly id: string };
type ProductKey = { readonly upc: string };

/** A part of the graph: its SDL, and resolvers in the form of `buildSubgraphSchema`. */
interface Part {
  readonly sdl: string;
  // biome-ignore lint/suspicious/noExplicitAny: a resolver knows the shape of its own parent; the map need not.
  readonly resolvers: Record<string, any>;
}

const parts: Readonly<Record<string, Part>> = {
  accounts: {
    sdl: `
      type Query { me: User user(id: ID!): User users: [User] }
      type User @key(fields: "id") { id: ID! name: String username: String @shareable }`,
    resolvers: {
      Query: {
        me: () => author,
        user: (_root: unknown, { id }: Key) => [...users, ...guests].find((user) => user.id === id),
        users: () => users,
      },
      User: { __resolveReference: ({ id }: Key) => users.find((user) => user.id === id) },
    },
  },
  inventory: {
    sdl: `
      type Product @key(fields: "upc") {
        upc: String!
        weight: Int @external
        price: Int @external
        inStock: Boolean
        shippingEstimate: Int @requires(fields: "price weight")
      }`,
    resolvers: {
      Product: {
        __resolveReference: (given: ProductKey) => ({
          ...given,
          inStock: products.find(({ upc }) => upc === given.upc)?.inStock,
        }),
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) =>
          shippingEstimate(price, weight),
      },
    },
  },
  products: {
    sdl: `
      type Query { topProducts(first: Int = 5): [Product] }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
    resolvers: {
      Query: { topProducts: (_root: unknown, { first }: { first: number }) => topProducts.slice(0, first) },
      Product: {
        __resolveReference: (given: ProductKey) => products.find(({ upc }) => upc === given.upc),
      },
    },
  },
  reviews: {
    sdl: `
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }
      type Review @key(fields: "id") {
        id: ID!
        body: String
        product: Product
        author: User @provides(fields: "username")
      }
      type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }`,
    resolvers: {
      Product: {
        __resolveReference: (given: ProductKey) => given,
        reviews: ({ upc }: ProductKey) => reviewsOfProduct(upc),
      },
      Review: {
        __resolveReference: ({ id }: Key) => reviews.find((review) => review.id === id),
        product: ({ productUpc }: Review) => ({ upc: productUpc }),
        author: () => author,
      },
      User: { __resolveReference: (given: Key) => given, reviews: () => reviewsOfUser },
    },
  },
};

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@requires", "@provides", "@external", "@shareable"])\n`;

export const schemas: ReadonlyMap<string, GraphQLSchema> = new Map(
  Object.entries(parts).map(([name, { sdl, resolvers }]) => [
    name,
    buildSubgraphSchema([{ typeDefs: parse(link + sdl), resolvers }]),
  ]),
);

/** The supergraph of the subgraphs that answer below this address, each at its own path. */
export function supergraphOf(address: string): DocumentNode {
  const result = composeServices(
    Object.entries(parts).map(([name, { sdl }]) => ({
      name,
      url: new URL(name, address).href,
      typeDefs: parse(link + sdl),
    })),
  );
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphDocumentNode;
}
