/**
 * A shop in four subgraphs, in the manner of `graphql-hive/graphql-gateways-benchmark`, with as many users, products
 * and reviews, related in the same way, so that figures can be held against the published ones.
 */

export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
}

export interface Review {
  readonly id: string;
  readonly body: string;
  readonly productUpc: string;
}

const user = (id: string, username: string, name: string): User => ({ id, username, name });

export const users: readonly User[] = [
  user('1', 'linyu', 'Lin Yu'),
  user('2', 'zhouhe', 'Zhou He'),
  user('3', 'chenan', 'Chen An'),
  user('4', 'sunwei', 'Sun Wei'),
  user('5', 'gaoyun', 'Gao Yun'),
  user('6', 'tangli', 'Tang Li'),
];

/** Users without purchases: so many that each of many concurrent requests asks for another. */
export const guests: readonly User[] = Array.from({ length: 1_000 }, (_, i) =>
  user(`guest-${i}`, `guest${i}`, `Guest ${i}`),
);

const product = (upc: string, name: string, price: number, weight: number, inStock: boolean): Product => ({
  upc,
  name,
  price,
  weight,
  inStock,
});

export const products: readonly Product[] = [
  product('1', 'Inkstone', 899, 100, true),
  product('2', 'Scroll', 1299, 1000, false),
  product('3', 'Brush', 15, 20, false),
  product('4', 'Paper', 499, 100, false),
  product('5', 'Screen', 1299, 1000, true),
  product('6', 'Lantern', 6999, 300, true),
  product('7', 'Kite', 3999, 2000, true),
  product('8', 'Bronze', 100_000, 6000, false),
  product('9', 'Fan', 9999, 800, true),
];

const sentence =
  'The lacquer is even, the joints are close, and after a year of daily use nothing has come loose. ';
const words = (length: number) => sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);

/** The product and the length of each review. */
const reviewsWritten: readonly (readonly [productUpc: string, length: number])[] = [
  ['1', 445],
  ['1', 289],
  ['1', 274],
  ['1', 146],
  ['2', 445],
  ['2', 289],
  ['2', 274],
  ['2', 146],
  ['3', 146],
  ['4', 146],
  ['4', 838],
];

export const reviews: readonly Review[] = reviewsWritten.map(([productUpc, length], i) => ({
  id: String(i + 1),
  body: words(length),
  productUpc,
}));

/** Author of all reviews, as in the original benchmark; every user has the first two reviews. */
export const author = user('1', 'linyu', 'Lin Yu');
export const reviewsOfUser = reviews.slice(0, 2);

export const reviewsOfProduct = (upc: string) => reviews.filter(({ productUpc }) => productUpc === upc);

export const topProducts = products.slice(0, 5);

/** Estimates shipping from the price and weight that products sends to inventory. */
export const shippingEstimate = (price: number, weight: number) =>
  price > 1000 ? 0 : Math.floor(weight / 2);
