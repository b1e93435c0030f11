import type { RelationLimits } from '@wenshu/gateway/semijoin/relation-limits.ts';
import postgres, { type Sql } from 'postgres';
import { startHub, type TestHub } from '../../support/hub.ts';
import { ask } from '../../support/sql.ts';
import { unlimited } from '../../support/unlimited.ts';

export interface World extends AsyncDisposable {
  readonly hub: TestHub;
  /** All schemas at once, as no agency has them. */
  readonly whole: Sql;
}

/** A hub over rows that are the same each time, and what they are held against. */
export async function startWorld(relationLimits: Partial<RelationLimits>): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const hub = starting.use(
    await startHub({ ownRows: true, admission: { queryLimits: unlimited }, relationLimits }),
  );
  await fill(hub.database.adminUrl);
  const whole = postgres(hub.database.adminUrl, { max: 1, onnotice: () => {} });
  starting.defer(() => whole.end());
  const started = starting.move();
  return { hub, whole, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/**
 * Rows upon the dataset whose ids are the same for all types (`x1` is an enterprise, and an agency, and a park), with
 * nulls, ties, and ids that nobody keeps (`gone1`).
 */
export const fill = (adminUrl: string) => ask(adminUrl, statements);

const some = (percent: number, value: string) => `case when random() * 100 < ${percent} then ${value} end`;
const number = (below: number) => `floor(random() * ${below})::int`;
/** One of those that are kept, or, now and then, one that is not. */
const id = (count: number) =>
  `case when random() < .08 then 'gone' || ${number(3)} else 'x' || (1 + ${number(count)}) end`;
const oneOf = (...values: string[]) => `(array['${values.join("','")}'])[1 + ${number(values.length)}]`;
const name = `${oneOf('影', '书', '音', '画', '戏')} || (n % 7)`;
const rows = (count: number) => `from generate_series(1, ${count}) n`;
const type = oneOf('Enterprise', 'Agency', 'PartyUnit', 'Park', 'Work');

const statements = `
select setseed(.42);
insert into enterprises.enterprises (id, name_zh, name_en, kind, registered_capital, founded_on, is_above_scale)
  select 'x' || n, ${name}, 'E' || n, 'ENTERPRISE', ${some(70, `${number(9)} * 50 + .25`)},
    ${some(70, `date '2001-01-01' + 100 * ${number(8)}`)}, ${some(80, 'random() < .5')} ${rows(80)};
insert into parks.parks (id, name_zh, name_en, kind, level, floor_area_sqm, revenue, revenue_approx, is_virtual, operator_type, operator_id, parent_id)
  select 'x' || n, ${name}, 'P' || n, 'CULTURE_PARK', ${some(70, oneOf('NATIONAL', 'PROVINCIAL'))},
    ${some(70, `${number(6)} * 1000.5`)}, case when n % 4 > 0 then n * 7 % 6 * 100.25 end, 'EXACT', random() < .2, ${oneOf('Enterprise', 'Agency')}, ${id(25)}, null ${rows(25)};
update parks.parks set operator_id = null, operator_type = null where random() < .3;
update parks.parks set parent_id = 'x' || (1 + ${number(25)}) where random() < .4;
insert into policies.policies (id, name_zh, name_en, kind, domain, status, issued_year)
  select 'x' || n, ${name}, 'Y' || n, 'PLAN', 'INDUSTRY', 'ISSUED', ${some(70, `2015 + ${number(6)}`)} ${rows(20)};
insert into policies.agencies (id, name_zh, name_en, kind, parent_id, park_id)
  select 'x' || n, ${name}, 'A' || n, 'GOVERNMENT', ${some(50, id(20))}, ${some(40, id(25))} ${rows(20)};
insert into events.events (id, name_zh, name_en, kind, status, year, start_date, venue_id)
  select 'x' || n, ${name}, 'V' || n, 'CONFERENCE', 'HELD', ${some(70, `2020 + ${number(5)}`)},
    ${some(70, `date '2021-01-01' + 30 * ${number(9)}`)}, ${some(60, id(25))} ${rows(60)};
update events.events set part_of_id = 'x' || (1 + ${number(60)}) where random() < .3;
insert into events.works (id, name_zh, name_en, kind, support_policy_id)
  select 'x' || n, ${name}, 'W' || n, 'FILM', ${some(50, id(20))} ${rows(20)};
insert into party.party_units (id, name_zh, name_en, kind, host_id, parent_id)
  select 'x' || n, ${name}, 'U' || n, 'BRANCH', ${some(50, id(20))}, null ${rows(30)};
insert into parks.projects (id, name_zh, name_en, kind, planned_investment)
  select 'x' || n, ${name}, 'J' || n, 'CULTURE_PARK', ${some(70, `${number(6)} * 10000000000000000.01`)} ${rows(30)};
insert into enterprises.inspections (id, enterprise_id, campaign_id, method, inspected_on, result)
  select 'x' || n, 'x' || (1 + ${number(80)}), ${some(50, id(60))}, 'JOINT', date '2023-01-01' + 20 * ${number(9)},
    ${some(60, oneOf('NO_PROBLEM', 'SUSPECTED'))} ${rows(50)};
insert into enterprises.blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on, published_on)
  select 'x' || n, 'x' || n, ${id(20)}, '理由', '2023-01-01', ${some(50, "date '2023-02-01'")} ${rows(20)};
insert into policies.payouts (id, policy_id, enterprise_id, amount, stage, paying_agency_id)
  select 'x' || n, 'x' || (1 + ${number(20)}), ${id(80)}, ${some(80, `${number(5)} * 1000.1`)}, 'MATCHED',
    ${some(60, `'x' || (1 + ${number(20)})`)} ${rows(40)};

insert into enterprises.enterprise_parks select distinct 'x' || (1 + ${number(80)}), ${id(25)},
  ${oneOf('TENANT', 'OPERATOR', 'INVESTOR')} ${rows(90)};
insert into enterprises.enterprise_groups select distinct 'x' || (1 + ${number(80)}), 'x' || (1 + ${number(9)}) ${rows(40)};
insert into events.event_hosts select 'x' || (1 + ${number(60)}), 100 + n, 'HOST', ${type}, ${id(30)} ${rows(60)};
insert into events.event_participants select 'x' || (1 + ${number(60)}), 100 + n, 'PARTICIPANT', ${type}, ${id(30)} ${rows(60)};
insert into events.event_policies select 'x' || (1 + ${number(60)}), 100 + n, 'PROMOTES', ${id(20)} ${rows(40)};
insert into parks.project_owners select 'x' || (1 + ${number(30)}), 100 + n, ${oneOf('Enterprise', 'Agency')}, ${id(30)}, 'OWNER' ${rows(40)};
insert into parks.project_parks select 'x' || (1 + ${number(30)}), 100 + n, 'x' || (1 + ${number(25)}) ${rows(30)};
insert into parks.project_policies select 'x' || (1 + ${number(30)}), 100 + n, ${id(20)} ${rows(30)};
insert into party.coverages select distinct on (1, 3) 'x' || (1 + ${number(30)}) as unit, ${oneOf('Park', 'Enterprise')},
  ${id(60)} as target ${rows(60)};
insert into policies.policy_issuers select 'x' || (1 + ${number(20)}), 100 + n, ${oneOf('Agency', 'PartyUnit')}, ${id(20)} ${rows(30)};
insert into policies.policy_subjects select 'x' || (1 + ${number(20)}), 100 + n, 'BENEFICIARY', ${type}, ${id(30)} ${rows(40)};
analyze`;
