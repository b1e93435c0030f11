import {
  author,
  guests,
  type Product,
  products,
  type Review,
  reviewsOfProduct,
  reviewsOfUser,
  shippingEstimate,
  topProducts,
  type User,
  users,
} from './data.ts';

/** An operation, and the data of its right answer. */
export interface Question {
  readonly query: string;
  readonly variables?: object;
  readonly data: unknown;
}

const ofProduct = ({ upc, name, price, weight, inStock }: Product) => ({
  inStock,
  name,
  price,
  shippingEstimate: shippingEstimate(price, weight),
  upc,
  weight,
});
const ofReview = ({ id, body }: Review) => ({ id, body });
const ofUser = ({ id, username, name }: User) => ({ id, username, name });
const productOf = ({ productUpc }: Review) => {
  const found = products.find(({ upc }) => upc === productUpc);
  return found && ofProduct(found);
};

const writtenByAuthor = () => ({
  ...ofUser(author),
  reviews: reviewsOfUser.map((review) => ({ ...ofReview(review), product: productOf(review) })),
});
const reviewsAbout = (upc: string) =>
  reviewsOfProduct(upc).map((review) => ({ ...ofReview(review), author: writtenByAuthor() }));

/** Users, their reviews, the products, whose reviews, whose author, whose reviews: about 87 KB. */
export const wide: Question = {
  query: `
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }

    query Wide {
      users {
        ...User
        reviews {
          ...Review
          product {
            ...Product
            reviews {
              ...Review
              author { ...User reviews { ...Review product { ...Product } } }
            }
          }
        }
      }
      topProducts {
        ...Product
        reviews {
          ...Review
          author { ...User reviews { ...Review product { ...Product } } }
        }
      }
    }`,
  data: {
    users: users.map((user) => ({
      ...ofUser(user),
      reviews: reviewsOfUser.map((review) => ({
        ...ofReview(review),
        product: { ...productOf(review), reviews: reviewsAbout(review.productUpc) },
      })),
    })),
    topProducts: topProducts.map((product) => ({
      ...ofProduct(product),
      reviews: reviewsAbout(product.upc),
    })),
  },
};

/** One field of one subgraph. */
export const small: Question = { query: 'query Small { me { name } }', data: { me: { name: author.name } } };

/** Like `small`, but each for another user, so that no two concurrent requests can share a call to the subgraph. */
export const smallEach: readonly Question[] = guests.map(({ id, name }) => ({
  query: 'query Each($id: ID!) { user(id: $id) { name } }',
  variables: { id },
  data: { user: { name } },
}));
