import { enterpriseId } from './generate.ts';
import { createRandom } from './random.ts';

/** Enterprises with what five agencies know of them. */
const enterprise360 = `
  query Enterprise360($ids: [ID!]!) {
    enterprises(first: 500, filter: {id: {in: $ids}}) {
      nodes {
        id
        nameZh
        creditCode
        kind
        region { code nameZh }
        tiers { tier level year }
        park { id nameZh level partyUnit { id nameZh } }
        partyUnit { id nameZh kind }
        policyMatches(verdict: [MET], first: 10) { nodes { verdict policy { id nameZh status } } }
        events(first: 5) { nodes { id nameZh kind startDate } }
      }
    }
  }`;

/** A page of a list, in an order that has an index. */
const page = `
  query Page($region: ID!) {
    enterprises(first: 50, filter: {region: {eq: $region}}, orderBy: [{field: REGISTERED_CAPITAL}]) {
      nodes { id nameZh creditCode kind registeredCapital foundedOn }
    }
  }`;

/** Returns bodies of requests for different enterprises, so that no two concurrent requests are equal. */
export function ask360(rows: number, enterpriseCount: number, bodies: number): string[] {
  const { several } = createRandom(rows);
  return Array.from({ length: bodies }, () =>
    JSON.stringify({
      query: enterprise360,
      variables: { ids: several(rows, enterpriseCount).map(enterpriseId) },
    }),
  );
}

export const askPage = (): string[] =>
  ['110105', '110116', '370212', '340111'].map((region) =>
    JSON.stringify({ query: page, variables: { region } }),
  );
