/**
 * What the lists of the hub are as tables, and what is related to what, written by hand as SQL over the schemas of all
 * agencies: the answers that the hub must give.
 */
export type Column = { readonly sql: string; readonly of: 'Yuan' | 'Decimal' | 'Int' | 'Date' | 'Boolean' };

export type Relation = {
  readonly to: string;
  /** Whether rows under these aliases are related. */
  readonly on: (a: string, b: string) => string;
  /** That a row names one, kept or not; where it is not given, being related is all there is. */
  readonly named?: (a: string) => string;
  readonly isList: boolean;
};

export type Table = {
  readonly from: string;
  readonly filter: string;
  readonly order: string;
  readonly rows?: (a: string) => string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns; names are compared by pinyin. */
  readonly orders: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, Relation>>;
};

/** By a column of the row. */
const by = (to: string, column: string, where = (_a: string) => 'true'): Relation => ({
  to,
  on: (a, b) => `${b}.id = ${a}.${column} and ${where(a)}`,
  named: (a) => `${a}.${column} is not null and ${where(a)}`,
  isList: false,
});
/** By rows of another table. */
const through = (to: string, table: string, owner: string, target: string, where = 'true'): Relation => ({
  to,
  on: (a, b) =>
    `exists (select 1 from ${table} l where l.${owner} = ${a}.id and l.${target} = ${b}.id and ${where})`,
  named: (a) => `exists (select 1 from ${table} l where l.${owner} = ${a}.id and ${where})`,
  isList: false,
});
/** The same from the other side. */
const back = (to: string, { on }: Relation, isList = true): Relation => ({
  to,
  on: (a, b) => on(b, a),
  isList,
});

const park = through(
  'parks',
  'enterprises.enterprise_parks',
  'enterprise_id',
  'park_id',
  `l.role = 'TENANT'`,
);
const relatedPark = through('parks', 'enterprises.enterprise_parks', 'enterprise_id', 'park_id');
const group = through('enterprises', 'enterprises.enterprise_groups', 'enterprise_id', 'group_id');
const ofType = (type: string) => `l.target_type = '${type}'`;
const hostEnterprise = through(
  'enterprises',
  'events.event_hosts',
  'event_id',
  'target_id',
  ofType('Enterprise'),
);
const hostAgency = through('agencies', 'events.event_hosts', 'event_id', 'target_id', ofType('Agency'));
const hostPartyUnit = through(
  'partyUnits',
  'events.event_hosts',
  'event_id',
  'target_id',
  ofType('PartyUnit'),
);
const eitherWay = `(select event_id, target_type, target_id from events.event_hosts
  union all select event_id, target_type, target_id from events.event_participants)`;
const ofEvent = through('enterprises', eitherWay, 'event_id', 'target_id', ofType('Enterprise'));
const venue = by('parks', 'venue_id');
const partOf = by('events', 'part_of_id');
const eventPolicy = through('policies', 'events.event_policies', 'event_id', 'policy_id');
const operatorEnterprise = by('enterprises', 'operator_id', (a) => `${a}.operator_type = 'Enterprise'`);
const operatorAgency = by('agencies', 'operator_id', (a) => `${a}.operator_type = 'Agency'`);
const parent = by('parks', 'parent_id');
const owners = (to: string, type: string) =>
  through(to, 'parks.project_owners', 'project_id', 'owner_id', `l.owner_type = '${type}'`);
const ownerEnterprise = owners('enterprises', 'Enterprise');
const projectPark = through('parks', 'parks.project_parks', 'project_id', 'park_id');
const projectPolicy = through('policies', 'parks.project_policies', 'project_id', 'policy_id');
const covers = (to: string, type: string) =>
  through(to, 'party.coverages', 'unit_id', 'target_id', ofType(type));
const coveredPark = covers('parks', 'Park');
const coveredEnterprise = covers('enterprises', 'Enterprise');
const hostOfUnit = by('agencies', 'host_id');
const issuerAgency = through(
  'agencies',
  'policies.policy_issuers',
  'policy_id',
  'target_id',
  ofType('Agency'),
);
const subjects = (to: string, type: string) =>
  through(to, 'policies.policy_subjects', 'policy_id', 'target_id', ofType(type));
const subjectEnterprise = subjects('enterprises', 'Enterprise');
const subjectPark = subjects('parks', 'Park');
const parentAgency = by('agencies', 'parent_id');
const agencyPark = by('parks', 'park_id');
const inspected = by('enterprises', 'enterprise_id');
const campaign = by('events', 'campaign_id');
const paidTo = by('enterprises', 'enterprise_id');
const payoutPolicy = by('policies', 'policy_id');
const payingAgency = by('agencies', 'paying_agency_id');
const listedBy = by('agencies', 'listed_by_id');
const supportPolicy = by('policies', 'support_policy_id');

const named = 'name_zh collate "zh-x-icu"';

export const tables: Readonly<Record<string, Table>> = {
  enterprises: {
    from: 'enterprises.enterprises',
    filter: 'EnterpriseFilter',
    order: 'EnterpriseOrder',
    columns: {
      registeredCapital: { sql: 'registered_capital', of: 'Yuan' },
      foundedOn: { sql: 'founded_on', of: 'Date' },
      isAboveScale: { sql: 'is_above_scale', of: 'Boolean' },
    },
    orders: { NAME: named, REGISTERED_CAPITAL: 'registered_capital', FOUNDED_ON: 'founded_on' },
    relations: {
      park,
      relatedPark,
      group,
      members: back('enterprises', group),
      events: back('events', ofEvent),
      hostedEvents: back('events', hostEnterprise),
      operatedParks: back('parks', operatorEnterprise),
      projects: back('projects', ownerEnterprise),
      partyUnit: back('partyUnits', coveredEnterprise, false),
      policies: back('policies', subjectEnterprise),
      inspections: back('inspections', inspected),
      blacklistEntries: back('blacklist', inspected),
      payouts: back('payouts', paidTo),
    },
  },
  parks: {
    from: 'parks.parks',
    filter: 'ParkFilter',
    order: 'ParkOrder',
    columns: {
      floorAreaSqm: { sql: 'floor_area_sqm', of: 'Decimal' },
      revenue: { sql: 'revenue', of: 'Yuan' },
      isVirtual: { sql: 'is_virtual', of: 'Boolean' },
    },
    orders: { NAME: named, FLOOR_AREA: 'floor_area_sqm', REVENUE: 'revenue' },
    relations: {
      operatorEnterprise,
      operatorAgency,
      parent,
      subparks: back('parks', parent),
      tenants: back('enterprises', park),
      enterprises: back('enterprises', relatedPark),
      events: back('events', venue),
      projects: back('projects', projectPark),
      partyUnit: back('partyUnits', coveredPark, false),
      policies: back('policies', subjectPark),
      agencies: back('agencies', agencyPark),
    },
  },
  events: {
    from: 'events.events',
    filter: 'EventFilter',
    order: 'EventOrder',
    columns: { year: { sql: 'year', of: 'Int' }, startDate: { sql: 'start_date', of: 'Date' } },
    orders: { NAME: named, START_DATE: 'start_date' },
    relations: {
      venue,
      partOf,
      parts: back('events', partOf),
      hostEnterprise,
      hostAgency,
      hostPartyUnit,
      enterprise: ofEvent,
      policy: eventPolicy,
      inspections: back('inspections', campaign),
    },
  },
  projects: {
    from: 'parks.projects',
    filter: 'ProjectFilter',
    order: 'ProjectOrder',
    columns: { plannedInvestment: { sql: 'planned_investment', of: 'Yuan' } },
    orders: { NAME: named, PLANNED_INVESTMENT: 'planned_investment' },
    relations: { ownerEnterprise, park: projectPark, policy: projectPolicy },
  },
  policies: {
    from: 'policies.policies',
    filter: 'PolicyFilter',
    order: 'PolicyOrder',
    columns: { issuedYear: { sql: 'issued_year', of: 'Int' } },
    orders: { NAME: named },
    relations: {
      issuerAgency,
      subjectEnterprise,
      subjectPark,
      events: back('events', eventPolicy),
      projects: back('projects', projectPolicy),
      works: back('works', supportPolicy),
      payouts: back('payouts', payoutPolicy),
    },
  },
  agencies: {
    from: 'policies.agencies',
    filter: 'AgencyFilter',
    order: 'AgencyOrder',
    columns: {},
    orders: { NAME: named },
    relations: {
      parent: parentAgency,
      subordinates: back('agencies', parentAgency),
      park: agencyPark,
      events: back('events', hostAgency),
      operatedParks: back('parks', operatorAgency),
      partyUnits: back('partyUnits', hostOfUnit),
      issuedPolicies: back('policies', issuerAgency),
      blacklistEntries: back('blacklist', listedBy),
      payouts: back('payouts', payingAgency),
    },
  },
  partyUnits: {
    from: 'party.party_units',
    filter: 'PartyUnitFilter',
    order: 'PartyUnitOrder',
    columns: {},
    orders: { NAME: named },
    relations: {
      coveredPark,
      coveredEnterprise,
      hostAgency: hostOfUnit,
      events: back('events', hostPartyUnit),
    },
  },
  works: {
    from: 'events.works',
    filter: 'WorkFilter',
    order: 'WorkOrder',
    columns: {},
    orders: { NAME: named },
    relations: { supportPolicy },
  },
  inspections: {
    from: 'enterprises.inspections',
    filter: 'InspectionFilter',
    order: 'InspectionOrder',
    columns: { inspectedOn: { sql: 'inspected_on', of: 'Date' } },
    orders: { INSPECTED_ON: 'inspected_on' },
    relations: { enterprise: inspected, campaign },
  },
  blacklist: {
    from: 'enterprises.blacklist_entries',
    filter: 'BlacklistEntryFilter',
    order: 'BlacklistOrder',
    columns: { publishedOn: { sql: 'published_on', of: 'Date' } },
    orders: { PUBLISHED_ON: 'published_on' },
    relations: { enterprise: inspected, listedBy },
  },
  payouts: {
    from: 'policies.payouts',
    filter: 'PayoutFilter',
    order: 'PayoutOrder',
    columns: { amount: { sql: 'amount', of: 'Yuan' } },
    orders: { AMOUNT: 'amount' },
    relations: { enterprise: paidTo, policy: payoutPolicy, payingAgency },
  },
};

type Json = Record<string, unknown>;
type Order = { field?: string; direction?: string } & { [related: string]: unknown };

/** The ids that a list has, in their order. */
export function questionSql(list: string, filter: Json, orderBy: readonly Order[]): string {
  const table = tableOf(list);
  const orders = orderBy.map((order) => valueSql(table, order, 'a'));
  const last = orders.at(-1)?.direction ?? 'asc';
  const keys = [...orders.map(({ sql, direction }) => `${sql} ${direction} nulls last`), `a.id ${last}`];
  const rows = table.rows?.('a') ?? 'true';
  return `select a.id from ${table.from} a where ${rows} and (${whereSql(table, filter, 'a')}) is true order by ${keys.join(', ')}`;
}

export const tableOf = (list: string): Table => {
  const table = tables[list];
  if (!table) throw new Error(`There is no table for ${list}.`);
  return table;
};

/** Whether the row under an alias meets a filter; null where that is unknown. */
export function whereSql(table: Table, filter: Json, a: string): string {
  const parts = Object.entries(filter).flatMap(([name, value]) => {
    if (value === null) return [];
    const each = () => (value as Json[]).map((part) => `(${whereSql(table, part, a)})`);
    if (name === 'and') return each();
    if (name === 'or') return [each().join(' or ') || 'false'];
    // "Not" of what asks nothing asks nothing.
    if (name === 'not')
      return isNothing(value as Json) ? [] : [`(${whereSql(table, value as Json, a)}) is not true`];
    const column = table.columns[name];
    return column ? columnSql(column, value as Json, a) : relatedSql(table, name, value as Json, a);
  });
  return parts.length > 0 ? parts.map((part) => `(${part})`).join(' and ') : 'true';
}

const isNothing = (filter: Json): boolean =>
  Object.entries(filter).every(([name, value]) => {
    if (value === null || (name !== 'and' && name !== 'or' && name !== 'not')) return isEmpty(value);
    if (name === 'and') return (value as Json[]).every(isNothing);
    return name === 'or' ? (value as Json[]).some(isNothing) : isNothing(value as Json);
  });
/** `{events: {}}` asks nothing, as `{events: null}` does; `{venue: {}}` asks for a venue. */
const isEmpty = (value: unknown) => value === null;

const operators: Record<string, string> = { eq: '=', gt: '>', lte: '<=' };

const columnSql = ({ sql }: Column, condition: Json, a: string): string[] =>
  Object.entries(condition).map(([name, value]) =>
    name === 'isNull'
      ? `${a}.${sql} is ${value ? '' : 'not '}null`
      : `${a}.${sql} ${operators[name]} '${value}'`,
  );

function relatedSql(table: Table, name: string, value: Json, a: string): string[] {
  const relation = relationOf(table, name);
  const { to, isList, named } = relation;
  const b = `${a}b`;
  const some = (condition: string) => someSql(relation, condition, a, b);
  if (!isList) {
    const { exists, ...filter } = value;
    const found = named && isNothing(filter) ? named(a) : some(whereSql(tableOf(to), filter, b));
    return [exists === false ? `(${found}) is not true` : found];
  }
  return Object.entries(value).flatMap(([kind, asked]) => {
    if (asked === null) return [];
    if (kind === 'exists') return [asked ? some('true') : `not ${some('true')}`];
    const met = `(${whereSql(tableOf(to), asked as Json, b)}) is true`;
    if (kind === 'every') return [`not ${some(`not (${met})`)}`];
    return [kind === 'none' ? `not ${some(met)}` : some(met)];
  });
}

export const relationOf = ({ relations }: Table, name: string): Relation => {
  const relation = relations[name];
  if (!relation) throw new Error(`Nothing is related as ${name}.`);
  return relation;
};

function someSql({ to, on }: Relation, condition: string, a: string, b: string): string {
  const { from, rows } = tableOf(to);
  return `exists (select 1 from ${from} ${b} where ${on(a, b)} and ${rows?.(b) ?? 'true'} and (${condition}) is true)`;
}

/** What a row is ordered by: of several related ones, the value that comes first. */
function valueSql(table: Table, { field, direction, ...others }: Order, a: string) {
  if (field !== undefined) {
    return { sql: `${a}.${table.orders[field]}`, direction: direction === 'DESC' ? 'desc' : 'asc' };
  }
  const [[name, inner] = []] = Object.entries(others);
  const { to, on } = relationOf(table, String(name));
  const { from, rows } = tableOf(to);
  const b = `${a}b`;
  const value: { sql: string; direction: string } = valueSql(tableOf(to), inner as Order, b);
  const first = value.direction === 'desc' ? 'max' : 'min';
  return {
    sql: `(select ${first}(${value.sql}) from ${from} ${b} where ${on(a, b)} and ${rows?.(b) ?? 'true'})`,
    direction: value.direction,
  };
}
