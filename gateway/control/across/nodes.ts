import type { Context } from '@wenshu/kit/context.ts';
import { lacking } from '@wenshu/kit/execution/incomplete.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { GraphQLError } from 'graphql';
import { inBatches } from '../../lib/batches.ts';
import type { Json } from '../../lib/json.ts';
import type { AskAgencies } from './ask-agencies.ts';

/** The field that finds a record of each type by its id. */
const byKey = {
  Agency: 'agency',
  BlacklistEntry: 'blacklistEntry',
  DualEffectAssessment: 'dualEffectAssessment',
  Enterprise: 'enterprise',
  Event: 'event',
  Finding: 'finding',
  GuidePrice: 'guidePrice',
  Inspection: 'inspection',
  InspectionCampaign: 'inspectionCampaign',
  Listing: 'listing',
  MatchingRun: 'matchingRun',
  Measure: 'measure',
  OpenCall: 'openCall',
  OpenCallClaim: 'openCallClaim',
  Park: 'park',
  PartyActivity: 'partyActivity',
  PartyBrand: 'partyBrand',
  PartyBrandPlan: 'partyBrandPlan',
  PartyMechanism: 'partyMechanism',
  PartyUnit: 'partyUnit',
  PaymentRule: 'paymentRule',
  Payout: 'payout',
  Policy: 'policy',
  Project: 'project',
  ProjectLedger: 'projectLedger',
  Region: 'region',
  ServiceRequest: 'serviceRequest',
  Source: 'source',
  StarList: 'starList',
  Work: 'work',
} as const;

const types = Object.keys(byKey) as readonly (keyof typeof byKey)[];

/** The key of a record, which the graph resolves. */
export type NodeKey = {
  readonly __typename: keyof typeof byKey;
  readonly id: string;
  readonly code?: string;
};

const maxNodes = 50;

/** Number of ids of one question. One more would be planned anew, so the rest of a question is empty. */
const idsAtOnce = 10;

/** Finds records of the control plane itself, by their ids. */
export type FindOwn = (
  context: Context,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { readonly __typename: 'Correction'; readonly id: string }>>;

/** Creates the resolvers that find records by id, whatever their types. */
export const nodesAcross = (ask: AskAgencies, findOwn: FindOwn) => ({
  one: async (context: Context, id: string) => {
    const own = (await findOwn(context, [id])).get(id);
    if (own) return own;
    const { keys, gaps } = await find(ask, context, [id], 1);
    const [key = null] = keys;
    if (key === null && gaps[0]) throw gaps[0];
    return key;
  },
  many: async (context: Context, ids: readonly string[]) => {
    if (ids.length > maxNodes) {
      throw badInput(
        'ids',
        `"ids" must hold at most ${maxNodes} ids, not ${ids.length}.`,
        `ids 至多 ${maxNodes} 个,现为 ${ids.length} 个。`,
      );
    }
    const own = await findOwn(context, ids);
    const others = ids.filter((id) => !own.has(id));
    const found = await inBatches(others, idsAtOnce, (some) => find(ask, context, some, idsAtOnce));
    const keyOf = new Map(
      found.flatMap(({ keys }) => keys).map((key, at) => [others[at] ?? '', key] as const),
    );
    const keys = ids.map((id) => own.get(id) ?? keyOf.get(id) ?? null);
    const [gap] = found.flatMap(({ gaps }) => gaps);
    return lacking(keys, gap && keys.includes(null) ? [gap] : []);
  },
});

type Found = { readonly keys: readonly (NodeKey | null)[]; readonly gaps: readonly GraphQLError[] };

async function find(
  ask: AskAgencies,
  context: Context,
  ids: readonly string[],
  size: number,
): Promise<Found> {
  const variables = Object.fromEntries(Array.from({ length: size }, (_, i) => [`id${i}`, ids[i] ?? '']));
  const { data, gaps } = await ask(context, questionOf(size), variables);
  return { keys: ids.map((id, i) => keyIn(data, id, i)), gaps };
}

/** Returns the first type that has a record with this id. No two have. */
function keyIn(data: Json, id: string, i: number): NodeKey | null {
  const type = types.find((each) => data[`${each}${i}`] != null);
  return type ? { __typename: type, id, ...(type === 'Region' && { code: id }) } : null;
}

function questionOf(size: number): string {
  const places = Array.from({ length: size }, (_, i) => i);
  const fields = places.flatMap((i) =>
    types.map((type) => {
      const key = type === 'Region' ? 'code' : 'id';
      return `${type}${i}: ${byKey[type]}(${key}: $id${i}) { ${key} }`;
    }),
  );
  return `query Nodes(${places.map((i) => `$id${i}: ID!`).join(', ')}) { ${fields.join('\n')} }`;
}
