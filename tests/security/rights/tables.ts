/** Where the rows of a type are kept, and what tells them apart, as SQL over a row `t`. */
export type Table = {
  readonly names: readonly string[];
  readonly key: string;
  /** The region that a row lies in. */
  readonly region?: string;
  /** The enterprise that it is about. */
  readonly enterprise?: string;
  /** The park that it is, or belongs to. */
  readonly park?: string;
  readonly synthetic?: string;
  /** Rows that it cannot be without: the type, and the column that names one. */
  readonly held?: readonly (readonly [typeName: string, column: string])[];
};

const regionOfEnterprise =
  '(select e.region_code from enterprises.enterprises e where e.id = t.enterprise_id)';
const tenancy = `(select min(l.park_id) from enterprises.enterprise_parks l where l.enterprise_id = t.id and l.role = 'TENANT')`;
const record = { key: 't.id', region: 't.region_code', synthetic: 't.synthetic' } as const;
const ofEnterprise = {
  key: 't.id',
  region: regionOfEnterprise,
  enterprise: 't.enterprise_id',
  synthetic: 't.synthetic',
} as const;
const agencies = ['enterprises', 'events', 'parks', 'party', 'policies'];

export const tables: Readonly<Record<string, Table>> = {
  Agency: { ...record, names: ['policies.agencies'] },
  BlacklistEntry: {
    ...ofEnterprise,
    names: ['enterprises.blacklist_entries'],
    held: [['Enterprise', 't.enterprise_id']],
  },
  DualEffectAssessment: {
    ...ofEnterprise,
    names: ['enterprises.dual_effect_assessments'],
    held: [['Enterprise', 't.enterprise_id']],
  },
  Enterprise: { ...record, names: ['enterprises.enterprises'], enterprise: 't.id', park: tenancy },
  Event: { ...record, names: ['events.events'] },
  Indicator: { ...record, names: agencies.map((agency) => `${agency}.indicators`) },
  Inspection: {
    ...ofEnterprise,
    names: ['enterprises.inspections'],
    held: [['Enterprise', 't.enterprise_id']],
  },
  Measure: {
    key: 't.id',
    region: '(select p.region_code from policies.policies p where p.id = t.policy_id)',
    names: ['policies.measures'],
    held: [['Policy', 't.policy_id']],
  },
  OpenCall: {
    key: 't.id',
    /** A call is where the agency is that published it. */
    region: '(select a.region_code from policies.agencies a where a.id = t.publisher_id)',
    synthetic: 't.synthetic',
    names: ['policies.open_calls'],
  },
  Park: { ...record, names: ['parks.parks'], park: 't.id' },
  PartyBrand: { ...record, names: ['party.party_brands'] },
  PartyMechanism: { ...record, names: ['party.party_mechanisms'] },
  PartyUnit: { ...record, names: ['party.party_units'] },
  Payout: { ...ofEnterprise, names: ['policies.payouts'] },
  Policy: { ...record, names: ['policies.policies'] },
  Project: { ...record, names: ['parks.projects'] },
  Region: { key: 't.code', region: 't.code', names: ['enterprises.regions'] },
  ServiceRequest: {
    ...ofEnterprise,
    region: 't.region_code',
    names: ['policies.service_requests'],
  },
  StarList: { ...record, names: ['policies.star_lists'] },
  /** No work says where it was made. */
  Work: { ...record, region: 'null', names: ['events.works'] },
};

/** `publishedOn` as `t.published_on`. */
export const columnOf = (field: string): string =>
  `t.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

/** Types without a table of their own that have a key all the same. */
export const otherEntities: readonly string[] = ['Source'];
