import { readFileSync } from 'node:fs';
import type { Department } from '@wenshu/schema/caller.ts';
import { sharingByCoordinate } from '@wenshu/schema/sharing.ts';
import { parse } from 'graphql';

/** The caller. It has agreements, for one region, on all data that two other departments share conditionally. */
export const asker: Department = 'TAXATION';
export const purpose = 'bench';
const region = '110105';
const owners: readonly Department[] = ['MARKET_REGULATION', 'CULTURE_TOURISM'];

const shared = sharingByCoordinate(
  parse(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8')),
);

const agreementOf = (owner: Department): string => {
  const fields = [...shared].flatMap(([coordinate, sharing]) =>
    sharing.class === 'CONDITIONAL' && sharing.owner === owner ? [`'${coordinate}'`] : [],
  );
  return `insert into hub.agreements (id, state, requester, owner, fields, purpose, basis, region_code, ends_on, ends_at,
      requested_by, due_on)
    values ('agr-${owner}', 'ACTIVE', '${asker}', '${owner}', array[${fields}], '${purpose}', 'bench', '${region}',
      '2099-12-31', '2099-12-31', 'bench', '2099-12-31');`;
};

/**
 * Rows that only others may see, beside the dataset: drafts, planned inspections, and enterprises outside of the agreements' region, one
 * with tenancies and inspections, another with none. Rows that refer to them refer as often to absent rows.
 */
export const rows = `
  ${owners.map(agreementOf).join('\n')}
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code) values
    ('ent-inside', '区内企业', 'Inside', 'ENTERPRISE', '${region}'),
    ('ent-hidden', '区外企业', 'Outside', 'ENTERPRISE', '370212'),
    ('ent-absent', '区外企业', 'Outside', 'ENTERPRISE', '370212');
  insert into parks.parks (id, name_zh, name_en, kind, is_virtual, region_code) values
    ('park-outside', '区外园区', 'Outside Park', 'CULTURE_PARK', false, '370212');
  insert into enterprises.enterprise_parks (enterprise_id, park_id, role) values ('ent-hidden', 'park-outside', 'TENANT');
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code) values
    ('pol-hidden', '草案', 'Draft', 'PLAN', 'ARTS', 'DRAFTING', '370212');
  insert into policies.policy_issuers (policy_id, seq, target_type, target_id) values
    ('pol-hidden', 1, 'Enterprise', 'ent-inside');
  insert into policies.measures (id, policy_id, seq, title_zh, title_en, kind, text_zh)
  select id || '-m1', id, 1, '措施', 'Measure', (select min(kind) from policies.measures), '措施'
  from policies.policies where id = 'pol-hidden';
  insert into events.works (id, name_zh, name_en, kind, support_policy_id)
  select 'work-' || which, '作品', 'Work', (select min(kind) from events.works), 'pol-' || which
  from unnest(array['hidden', 'absent']) which;
  insert into events.events (id, name_zh, name_en, kind, status, region_code, venue_id) values
    ('evt-hidden', '计划检查', 'Planned', 'INSPECTION_CAMPAIGN', 'SCHEDULED', '370212', 'park-outside');
  insert into events.event_participants (event_id, seq, role, target_type, target_id) values
    ('evt-hidden', 1, 'PARTICIPANT', 'Enterprise', 'ent-hidden');
  insert into enterprises.inspections (id, enterprise_id, method, inspected_on, campaign_id)
  select 'ins-' || which, 'ent-inside', 'SPECIAL', '2025-01-01', 'evt-' || which from unnest(array['hidden', 'absent']) which;
  insert into enterprises.inspections (id, enterprise_id, method, inspected_on)
  select 'ins-outside-' || place, 'ent-hidden', 'ROUTINE', '2025-01-01' from generate_series(1, 20) place;
  insert into policies.open_calls (id, title_zh, stage, published_on, claimant_id)
  select 'call-' || which, '揭榜', 'SELECTED', '2025-01-01', 'ent-' || which from unnest(array['hidden', 'absent']) which;`;
