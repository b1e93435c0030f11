-- What the operation Enterprise360 answers, over the schemas of all five agencies at once, as one JSON text.
-- A policy fits where every condition that it states is met; one with a condition that no register decides fits nobody,
-- and a synthetic one fits synthetic enterprises alone, as real ones fit real ones.
with fitting as materialized (
  select p.id, p.name_zh, p.status, p.synthetic,
    array_agg(distinct c.value #>> '{}') filter (where c.op = 'IN_REGION') || array[p.region_code] as regions,
    coalesce(
      jsonb_agg(case when c.op = 'EQ' then jsonb_build_array(c.value) else c.value end)
        filter (where c.field = 'enterprise.tier'),
      '[]') as tiers
  from policies.policies p
  join policies.policy_eligibility c on c.policy_id = p.id
  where p.status in ('ISSUED', 'TRIAL') and p.region_code is not null
  group by p.id
  having bool_and(case
    when c.field = 'enterprise.regionCode' then c.op = 'IN_REGION' and jsonb_typeof(c.value) = 'string'
    when c.field = 'enterprise.tier' then
      c.op = 'EQ' or (c.op in ('IN', 'HAS') and jsonb_typeof(c.value) = 'array')
    else false
  end)
)
select json_build_object('data', json_build_object('enterprises', json_build_object('nodes',
  coalesce(json_agg(json_build_object(
    'id', e.id,
    'nameZh', e.name_zh,
    'creditCode', e.credit_code,
    'kind', e.kind,
    'region', region.node,
    'tiers', tier.nodes,
    'park', park.node,
    'partyUnit', unit.node,
    'policyMatches', json_build_object('nodes', policy.nodes),
    'events', json_build_object('nodes', event.nodes)
  ) order by e.id), '[]')
)))::text as answer
from enterprises.enterprises e
left join lateral (
  select json_build_object('code', r.code, 'nameZh', r.name_zh) as node
  from enterprises.regions r where r.code = e.region_code
) region on true
cross join lateral (
  select array_agg(t.tier) as held,
    coalesce(
      json_agg(json_build_object('tier', t.tier, 'level', t.level, 'year', t.year) order by t.seq),
      case when e.tiers_checked_on is null then null else '[]'::json end) as nodes
  from enterprises.enterprise_tiers t where t.enterprise_id = e.id
) tier
left join lateral (
  select json_build_object(
    'id', p.id, 'nameZh', p.name_zh, 'level', p.level,
    'partyUnit', (
      select json_build_object('id', u.id, 'nameZh', u.name_zh)
      from party.coverages c join party.party_units u on u.id = c.unit_id
      where c.target_id = p.id
      order by u.coverage_mode is not distinct from 'INDUSTRY', u.id limit 1)
  ) as node
  from (
    select park_id from enterprises.enterprise_parks
    where enterprise_id = e.id and role = 'TENANT' order by park_id limit 1
  ) tenancy
  join parks.parks p on p.id = tenancy.park_id
) park on true
left join lateral (
  select json_build_object('id', u.id, 'nameZh', u.name_zh, 'kind', u.kind) as node
  from party.coverages c join party.party_units u on u.id = c.unit_id
  where c.target_id = e.id
  order by u.coverage_mode is not distinct from 'INDUSTRY', u.id limit 1
) unit on true
cross join lateral (
  select coalesce(json_agg(json_build_object(
    'verdict', 'MET',
    'policy', json_build_object('id', p.id, 'nameZh', p.name_zh, 'status', p.status)
  ) order by p.id), '[]') as nodes
  from (
    select f.id, f.name_zh, f.status from fitting f
    where e.region_basis = 'STATED'
      and f.synthetic = e.synthetic
      and f.regions <@ (select array_agg(ancestor) from policies.region_closure where code = e.region_code)
      and not exists (select from jsonb_array_elements(f.tiers) as accepted(tiers)
                      where not accepted.tiers ?| coalesce(tier.held, '{}'))
    order by f.id limit 10
  ) p
) policy
cross join lateral (
  select coalesce(json_agg(json_build_object(
    'id', v.id, 'nameZh', v.name_zh, 'kind', v.kind, 'startDate', v.start_date
  ) order by v.id), '[]') as nodes
  from (
    select id, name_zh, kind, start_date from events.events
    where id in (
      select event_id from events.event_hosts where target_id = e.id
      union
      select event_id from events.event_participants where target_id = e.id)
    order by id limit 5
  ) v
) event
where e.id = any($1::text[])
