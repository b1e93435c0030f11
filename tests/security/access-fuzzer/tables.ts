/** Table of a type's rows, and SQL over a row `t` for what limits access to it. */
export type Table = {
  readonly names: readonly string[];
  readonly key: string;
  /** Region of the row. */
  readonly region?: string;
  /** Enterprise of the row. */
  readonly enterprise?: string;
  /** Park of the row, or the row's own id for a park. */
  readonly park?: string;
  readonly synthetic?: string;
  /** The agencies that the row names as those who must act, as an array. */
  readonly agencies?: string;
  /** Fields that no column holds. */
  readonly computed?: Readonly<Record<string, string>>;
  /** Required related rows: the type, and the column of the id. */
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
const hosts = `array(select h.target_id from events.event_hosts h where h.event_id = t.id and h.target_type = 'Agency')`;
const issuers = `array(select i.target_id from policies.policy_issuers i where i.policy_id = t.id and i.target_type = 'Agency')`;
const agencies = ['enterprises', 'events', 'parks', 'party', 'policies'];

export const tables: Readonly<Record<string, Table>> = {
  Agency: { ...record, names: ['policies.agencies'] },
  BlacklistEntry: {
    ...ofEnterprise,
    names: ['enterprises.blacklist_entries'],
    agencies: 'array[t.listed_by_id]',
    computed: {
      status: `case when t.restored_on is not null then 'RESTORED'
        when t.published_on is null then 'UNPUBLISHED'
        when t.until < (now() at time zone 'Asia/Shanghai')::date then 'LAPSED' else 'IN_FORCE' end`,
    },
    held: [['Enterprise', 't.enterprise_id']],
  },
  DualEffectAssessment: {
    ...ofEnterprise,
    names: ['enterprises.dual_effect_assessments'],
    agencies: 'array[t.assessed_by_id, t.supervised_by_id]',
    held: [['Enterprise', 't.enterprise_id']],
  },
  Enterprise: { ...record, names: ['enterprises.enterprises'], enterprise: 't.id', park: tenancy },
  Event: { ...record, names: ['events.events'], agencies: hosts },
  Finding: {
    ...ofEnterprise,
    region: 't.region_code',
    names: ['enterprises.findings'],
    agencies:
      'array(select a.agency_id from enterprises.inspection_agencies a where a.inspection_id = t.inspection_id)',
  },
  GuidePrice: { ...record, names: ['enterprises.guide_prices'] },
  InspectionCampaign: {
    ...record,
    names: ['events.inspection_campaigns'],
    agencies: 'array(select a.agency_id from events.campaign_agencies a where a.campaign_id = t.id)',
  },
  Indicator: { ...record, names: agencies.map((agency) => `${agency}.indicators`) },
  Inspection: {
    ...ofEnterprise,
    names: ['enterprises.inspections'],
    agencies: 'array(select a.agency_id from enterprises.inspection_agencies a where a.inspection_id = t.id)',
    held: [['Enterprise', 't.enterprise_id']],
  },
  Listing: { ...ofEnterprise, region: 't.region_code', names: ['policies.qualifying_list_members'] },
  MatchingRun: { ...record, names: ['policies.matching_runs'], agencies: 'array[t.paying_agency_id]' },
  Measure: {
    key: 't.id',
    region: '(select p.region_code from policies.policies p where p.id = t.policy_id)',
    synthetic: "starts_with(t.id, 'syn-')",
    names: ['policies.measures'],
    held: [['Policy', 't.policy_id']],
  },
  OpenCall: {
    key: 't.id',
    region: 't.region_code',
    synthetic: 't.synthetic',
    names: ['policies.open_calls'],
  },
  OpenCallClaim: {
    key: 't.id',
    region: 't.region_code',
    enterprise: 't.enterprise_id',
    synthetic: 't.synthetic',
    names: ['policies.open_call_claims'],
    agencies: 'array[t.publisher_id, t.submitted_by_id]',
    held: [['OpenCall', 't.open_call_id']],
  },
  ProjectLedger: {
    key: 't.id',
    region: 't.region_code',
    synthetic: 't.synthetic',
    names: ['parks.project_ledgers'],
    agencies: 'array[t.responsible_id, t.liaison_id]',
    computed: { isBehind: 'null' },
    held: [
      ['Project', 't.project_id'],
      ['Agency', 't.responsible_id'],
    ],
  },
  Park: { ...record, names: ['parks.parks'], park: 't.id' },
  PartyActivity: {
    ...record,
    names: ['party.party_activities'],
    agencies: 'array[t.host_id]',
    held: [['PartyUnit', 't.unit_id']],
  },
  PartyBrand: { ...record, names: ['party.party_brands'] },
  PartyBrandPlan: { ...record, names: ['party.party_brand_plans'] },
  /** Its table also says what everybody may see of an enterprise's coverage, so that no row is deleted. */
  PartyCoverageCase: {
    key: 't.target_id',
    region: 't.region_code',
    enterprise: `case when t.target_type = 'Enterprise' then t.target_id end`,
    synthetic: 't.synthetic',
    names: [],
  },
  PartyMechanism: { ...record, names: ['party.party_mechanisms'] },
  PartyUnit: { ...record, names: ['party.party_units'] },
  Payout: {
    ...ofEnterprise,
    region: 't.region_code',
    names: ['policies.payouts'],
    agencies: `array(select r.agency_id from policies.payment_rule_reviewers r where r.rule_id = t.rule_id)
      || t.paying_agency_id || t.auditor_id`,
  },
  Policy: { ...record, names: ['policies.policies'], agencies: issuers },
  Project: { ...record, names: ['parks.projects'] },
  Region: { key: 't.code', region: 't.code', names: ['enterprises.regions'] },
  ServiceRequest: {
    ...ofEnterprise,
    region: 't.region_code',
    names: ['policies.service_requests'],
    agencies: `array(select a.agency_id from policies.service_request_co_handlers a where a.request_id = t.id)
      || t.responsible_id || t.submitted_by_id || t.commissioner_id`,
  },
  StarList: {
    ...record,
    names: ['policies.star_lists'],
    agencies: `array(select a.agency_id from policies.star_list_vetters a where a.list_id = t.id
      union all select e.vetoed_by_id from policies.star_list_entries e where e.list_id = t.id)`,
  },
  /** A work has no region. */
  Work: { ...record, region: 'null', names: ['events.works'] },
};

/** Converts `publishedOn` to `t.published_on`. */
export const columnOf = (typeName: string, field: string): string =>
  tables[typeName]?.computed?.[field] ??
  `t.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

/** Types with a key but without a table of their own. */
export const otherEntities: readonly string[] = ['Source'];
