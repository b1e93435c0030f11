import { coordinates, ownerOf, sharingOf } from './graph.ts';

/** Topics of agreements: the records of one topic, all that leads to them, and all conditions on them. */
const words: readonly (readonly [topic: string, named: RegExp])[] = [
  ['inspections', /nspect|INSPECT|inding|Penalty|Exemption|candidateEnterprises/],
  ['tenants', /Park|park/],
  ['assessments', /ssessment|DualEffect/],
  ['payouts', /ayout|paidTotal/],
  ['requests', /ServiceRequest|serviceRequest|coHandledRequests|assignments/],
  ['party', /Party|party|overage|MeetingRule|cultivatedBy|proposedBy|unit|Unit|UNIT/],
];

const isConditional = (coordinate: string) => sharingOf(coordinate)?.class === 'CONDITIONAL';
const isTenancy = (coordinate: string) => sharingOf(coordinate)?.owner === 'CULTURE_TOURISM';

function topicOf(coordinate: string): string {
  const owner = sharingOf(coordinate)?.owner;
  const found = words.find(([topic, named]) => {
    if (topic === 'inspections' && owner !== 'MARKET_REGULATION') return false;
    return topic === 'tenants'
      ? isTenancy(coordinate)
      : owner !== 'CULTURE_TOURISM' && named.test(coordinate);
  });
  return found?.[0] ?? 'others';
}

const conditional = coordinates.filter(isConditional);
const drafts = (typeName: string) =>
  coordinates.filter((coordinate) => ownerOf(coordinate) === typeName && !isConditional(coordinate));

/** By topic: coordinates of an agreement. */
export const topics: ReadonlyMap<string, readonly string[]> = new Map([
  ...Map.groupBy(conditional, topicOf),
  ['drafts', drafts('Policy')] as const,
  ['star lists', drafts('StarList')] as const,
]);

/** By type: the topic of its rows. */
export const topicOfRows: Readonly<Record<string, string>> = {
  DualEffectAssessment: 'assessments',
  Inspection: 'inspections',
  PartyUnit: 'party',
  Payout: 'payouts',
  ServiceRequest: 'requests',
};
