/** A question to the hub, and the same question as one statement over the schemas of all agencies. */
export interface Question {
  readonly name: string;
  readonly query: string;
  readonly sql: string;
  /** Values for `$region` in both, used in turn; without it the question is always the same. */
  readonly regions?: readonly string[];
}

const regions = ['110105', '110116', '370212', '340111'];

const inNationalPark = `exists (select from enterprises.enterprise_parks l join parks.parks p on p.id = l.park_id
  where l.enterprise_id = e.id and l.role = 'TENANT' and p.level = 'NATIONAL')`;
const withoutPartyUnit = `not exists (select from party.coverages c where c.target_type = 'Enterprise' and c.target_id = e.id)`;
const page = 'nodes { id nameZh kind registeredCapital }';
const columns = 'e.id, e.name_zh as "nameZh", e.kind, e.registered_capital as "registeredCapital"';
const byCapital = 'e.registered_capital asc nulls last, e.id limit 50';

/** Pages of fifty rows. */
export const pages: readonly Question[] = [
  {
    name: 'page, filtered by region, ordered by capital',
    regions,
    query: `query ($region: ID!) {
      enterprises(first: 50, filter: {region: {eq: $region}}, orderBy: [{field: REGISTERED_CAPITAL}]) { ${page} }
    }`,
    sql: `select ${columns} from enterprises.enterprises e where e.synthetic and e.region_code = $1 order by ${byCapital}`,
  },
  {
    name: 'page, in national parks, ordered by capital',
    query: `{ enterprises(first: 50, filter: {park: {level: {eq: NATIONAL}}}, orderBy: [{field: REGISTERED_CAPITAL}]) { ${page} } }`,
    sql: `select ${columns} from enterprises.enterprises e where e.synthetic and ${inNationalPark} order by ${byCapital}`,
  },
  {
    name: 'page, in national parks, without party unit',
    query: `{ enterprises(first: 50, filter: {park: {level: {eq: NATIONAL}}, partyUnit: {exists: false}}) { ${page} } }`,
    sql: `select ${columns} from enterprises.enterprises e where e.synthetic and ${inNationalPark} and ${withoutPartyUnit} order by e.id limit 50`,
  },
  {
    name: 'page, without party unit',
    query: `{ enterprises(first: 50, filter: {partyUnit: {exists: false}}) { ${page} } }`,
    sql: `select ${columns} from enterprises.enterprises e where e.synthetic and ${withoutPartyUnit} order by e.id limit 50`,
  },
];

/** Questions whose answer is groups. */
export const aggregates: readonly Question[] = [
  {
    name: 'capital by kind',
    query:
      '{ enterprises { aggregates(groupBy: [{field: KIND}]) { group { kind } count registeredCapital { sum } } } }',
    sql: 'select kind, count(*), sum(registered_capital) from enterprises.enterprises where synthetic group by kind order by kind',
  },
  {
    name: 'capital by level of the park',
    query:
      '{ enterprises { aggregates(groupBy: [{park: {field: LEVEL}}]) { group { related { value } } count registeredCapital { sum } } } }',
    sql: `select level, count(*), sum(registered_capital) from enterprises.enterprises e left join (
        select distinct l.enterprise_id, p.level from enterprises.enterprise_parks l join parks.parks p on p.id = l.park_id
        where l.role = 'TENANT'
      ) as placed on placed.enterprise_id = e.id where e.synthetic group by level order by level`,
  },
];

/** All enterprises as a table. */
export const tables: readonly Question[] = [
  {
    name: 'columns of one agency',
    query: '{ enterprises { nodes { id nameZh kind ownership registeredCapital foundedOn isAboveScale } } }',
    sql: 'select id, name_zh, kind, ownership, registered_capital, founded_on, is_above_scale from enterprises.enterprises where synthetic order by id',
  },
  {
    name: 'columns of two agencies',
    query:
      '{ enterprises { nodes { id nameZh kind ownership registeredCapital foundedOn isAboveScale park { nameZh } } } }',
    sql: `select e.id, e.name_zh, kind, ownership, registered_capital, founded_on, is_above_scale, park.name_zh
      from enterprises.enterprises e left join lateral (
        select p.name_zh from enterprises.enterprise_parks l join parks.parks p on p.id = l.park_id
        where l.enterprise_id = e.id and l.role = 'TENANT' order by p.id limit 1
      ) as park on true where e.synthetic order by e.id`,
  },
];
