/** Rows of every kind that few callers may see, over many enterprises and regions, added to the dataset. */
export const rowsForFew = `
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, registered_capital, founded_on, synthetic, is_above_scale)
  values ('syn-ent-few', '少见企业', 'Few', 'ENTERPRISE', '370212', 1000, '2025-01-01', true, true),
    ('syn-ent-few-2', '另一企业', 'Another', 'ENTERPRISE', '110105', 5000, '2020-06-01', true, false);
  insert into parks.parks (id, name_zh, name_en, kind, is_virtual, region_code, floor_area_sqm, floor_area_approx, operator_type, operator_id, synthetic)
  values ('syn-park-few', '少见园区', 'Few Park', 'CULTURE_PARK', false, '370212', 5000, 'EXACT', 'enterprise', 'syn-ent-few', true),
    ('park-few-av', '视听基地', 'AV Base', 'AV_BASE', false, '110105', 700, 'EXACT', null, null, false);
  insert into enterprises.enterprise_parks (enterprise_id, park_id, role) values
    ('syn-ent-few', 'syn-park-few', 'TENANT'), ('syn-ent-few-2', 'syn-park-few', 'TENANT'), ('ent-goertek', 'park-798', 'INVESTOR')
    on conflict do nothing;
  insert into enterprises.inspections (id, enterprise_id, method, inspected_on, result, campaign_id, synthetic)
  select 'i-' || id || '-' || n, id, (array['COMPLAINT', 'ROUTINE', 'SPECIAL'])[1 + n % 3],
    date '2021-06-01' + 100 * n + length(id), (array['SUSPECTED', 'NO_PROBLEM'])[1 + n % 2],
    (array[null, 'evt-qd-joint-enforcement-2021', 'evt-planned'])[1 + (n + length(id)) % 3], synthetic
  from (select *, row_number() over (order by id) as place from enterprises.enterprises) e, generate_series(1, 2) n
  where place % 2 = 0 or id in ('syn-ent-few', 'ent-goertek');
  insert into enterprises.inspection_agencies (inspection_id, agency_id)
  select id, (select min(id) from policies.agencies) from enterprises.inspections where id like 'i-%-1';
  insert into enterprises.findings (id, inspection_id, enterprise_id, title_zh, penalty_kinds, penalty_amount,
    penalty_decided_on, penalty_document_no, notified_on, penalty_published_on)
  select 'f-' || id, id, enterprise_id, '机密' || enterprise_id, '{FINE}', 100 * length(id), inspected_on + 30, '文号' || length(id), inspected_on + 20,
    case when length(id) % 2 = 0 then inspected_on + 40 end
  from enterprises.inspections where result = 'SUSPECTED';
  update enterprises.findings set stage = 'FILED', penalty_kinds = null, penalty_amount = null, penalty_decided_on = null,
    penalty_document_no = null, penalty_published_on = null, notified_on = null where length(enterprise_id) % 3 = 0;
  update enterprises.findings set stage = 'PENALISED' where notified_on is not null;
  insert into enterprises.finding_steps (object_id, seq, stage, step_on)
  select id, 1, stage, coalesce(penalty_decided_on, '2022-01-10') from enterprises.findings;
  insert into enterprises.changes (type, object_id, action, stage, version, region_code)
  select 'Finding', id, 'FILE', stage, 1, region_code from enterprises.findings;
  insert into enterprises.blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on, until, published_on, synthetic)
  select 'b-' || id, id, (select min(id) from policies.agencies), '机密', '2025-04-01', case when id = 'ent-bona-film' then date '2025-06-01' end,
    case when id <> 'ent-goertek' then date '2025-05-01' end, synthetic
  from enterprises.enterprises where id in ('ent-goertek', 'syn-ent-few', 'syn-ent-few-2', 'ent-bona-film');
  insert into enterprises.dual_effect_assessments (id, enterprise_id, assessed_by_id, year, total, social_weight, has_content_fault, synthetic)
  select 'd-' || id, id, case when id = 'syn-ent-few' then (select min(id) from policies.agencies) end, 2025, 60 + length(id), 60, false, synthetic from enterprises.enterprises where length(id) % 2 = 0 or id = 'syn-ent-few';
  update enterprises.dual_effect_assessments set stage = 'SCORED' where length(id) % 4 = 0;
  insert into enterprises.changes (type, object_id, action, stage, version)
  select 'DualEffectAssessment', id, 'SCORE', stage, 1 from enterprises.dual_effect_assessments;
  insert into enterprises.dual_effect_items (assessment_id, seq, kind, name_zh, weight, score)
  select id, 1, 'SOCIAL', '社会效益', 60, 50 from enterprises.dual_effect_assessments;
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code) values
    ('draft', '机密草案', 'Draft', 'PLAN', 'ARTS', 'DRAFTING', '370212'),
    ('draft-2', '机密意见稿', 'Draft for comment', 'PLAN', 'ARTS', 'DRAFT_FOR_COMMENT', '110105');
  insert into policies.policy_issuers (policy_id, seq, target_type, target_id) values
    ('draft', 1, 'Agency', (select min(id) from policies.agencies));
  insert into policies.policy_bases (policy_id, seq, basis_id) values ('draft', 1, 'pol-ls-exempt-apply'),
    ('pol-ls-exempt-apply', 900, 'draft');
  insert into policies.policy_subjects (policy_id, seq, role, target_type, target_id) values
    ('draft', 1, 'SUPPORTS', 'Park', 'park-798'), ('draft', 2, 'SUPPORTS', 'Enterprise', 'ent-goertek'),
    ('draft', 3, 'SUPPORTS', 'Work', (select min(id) from events.works)),
    ('draft-2', 1, 'SUPPORTS', 'Enterprise', 'syn-ent-few');
  insert into policies.measures (id, policy_id, seq, title_zh, title_en, kind, text_zh) values
    ('draft-m1', 'draft', 1, '机密措施', 'Measure', (select min(kind) from policies.measures), '机密');
  insert into policies.measure_responsible (measure_id, seq, target_type, target_id) values
    ('draft-m1', 1, 'Agency', (select min(id) from policies.agencies));
  insert into policies.policy_eligibility (id, policy_id, seq, field, op, value, text_zh) values
    ('draft-e1', 'draft', 1, 'enterprise.tier', 'IN', '["SPECIALIZED_SME"]', '机密条件');
  insert into policies.payouts (id, policy_id, enterprise_id, paying_agency_id, region_code, stage, amount, paid_on, synthetic)
  select 'pay-' || id, case when length(id) % 3 = 0 then 'draft' else 'pol-ls-exempt-apply' end, id,
    case when length(id) % 5 = 0 then (select min(id) from policies.agencies) end, region_code, 'PAID', 100 * length(id), '2026-06-30', synthetic
  from enterprises.enterprises where length(id) % 2 = 1 or id = 'syn-ent-few';
  insert into policies.payment_rules (id, measure_id, region_code, stage, paying_agency_id, opens_on, closes_on, frequency, needs_confirmation,
    is_publicised, amount, budget)
  values ('rule-few', 'draft-m1', '370212', 'IN_FORCE', (select min(id) from policies.agencies), '2026-01-01', '2026-12-31', 'YEAR', true, true, 1, 9);
  insert into policies.matching_runs (id, rule_id, measure_id, region_code, paying_agency_id, stage, ran_on, period, dry_run, tested) values
    ('run-few-1', 'rule-few', 'draft-m1', '370212', (select min(id) from policies.agencies), 'DONE', '2026-02-02', '2026', false, 7),
    ('run-few-2', 'rule-few', 'draft-m1', '110105', (select max(id) from policies.agencies), 'DONE', '2026-03-03', '2026', true, 8);
  insert into policies.qualifying_list_members (id, list_id, enterprise_id, region_code, basis_zh, holds_from, synthetic)
  select 'place-' || id, (select min(id) from policies.qualifying_lists), id, region_code, '机密', date '2026-01-05' + length(id), synthetic
  from enterprises.enterprises where length(id) % 4 = 1 or id = 'syn-ent-few' on conflict do nothing;
  insert into policies.service_requests (id, enterprise_id, kind, title_zh, stage, submitted_on, region_code, policy_id, synthetic)
  select 'req-' || id, id, 'FINANCING', '机密', 'COLLECTED', date '2026-01-05' + length(id), region_code,
    case when length(id) % 4 = 0 then 'draft' end, synthetic
  from enterprises.enterprises where length(id) % 3 = 0 or id = 'syn-ent-few';
  insert into policies.service_request_co_handlers (request_id, seq, agency_id)
  select id, 1, (select min(id) from policies.agencies) from policies.service_requests where length(id) % 2 = 0;
  insert into policies.star_lists (id, name_zh, year, half, stage, region_code, published_on) values
    ('star-1', '机密榜单', 2025, 'SECOND', 'DRAFT', '370212', null),
    ('star-2', '公布榜单', 2025, 'FIRST', 'PUBLISHED', '110105', '2025-07-28'),
    ('star-3', '联审榜单', 2026, 'FIRST', 'VETTING', '370212', null);
  insert into policies.star_list_vetters (list_id, seq, agency_id) values ('star-3', 1, (select min(id) from policies.agencies));
  insert into policies.star_list_entries (list_id, enterprise_id, criteria, rank, vetoed_by_id, veto_reason_zh) values
    ('star-1', 'ent-goertek', '{PERFORMANCE}', 1, null, null), ('star-2', 'syn-ent-few', '{PERFORMANCE}', 1, null, null),
    ('star-2', 'ent-goertek', '{PERFORMANCE}', null, (select min(id) from policies.agencies), '机密否决');
  insert into policies.changes (type, object_id, action, stage, version, region_code)
  select 'StarList', id, 'SEND', stage, 1, region_code from policies.star_lists
  union all select 'ServiceRequest', id, 'SUBMIT', stage, 1, region_code from policies.service_requests
  union all select 'Payout', id, 'PAY', stage, 1, region_code from policies.payouts
  union all select 'MatchingRun', id, 'RUN', stage, 1, region_code from policies.matching_runs
  union all select 'Listing', id, 'RECORD', stage, 1, region_code from policies.qualifying_list_members;
  insert into policies.open_calls (id, title_zh, policy_id, stage, published_on, reward, synthetic) values
    ('call-1', '揭榜', 'pol-ls-exempt-apply', 'PUBLISHED', '2026-01-01', 1000, false),
    ('call-2', '揭榜草案', 'draft', 'PUBLISHED', '2026-02-01', 2000, true);
  insert into policies.open_call_claims (id, open_call_id, enterprise_id, plan_zh, stage, submitted_on, region_code, publisher_id) values
    ('claim-1', 'call-1', 'ent-goertek', '机密方案', 'SUBMITTED', '2026-01-02', '370212', (select min(id) from policies.agencies)),
    ('claim-2', 'call-1', 'ent-gaea', '机密方案', 'SUBMITTED', '2026-01-03', '110105', null);
  insert into parks.project_policies (project_id, seq, policy_id) values ((select min(id) from parks.projects), 900, 'draft');
  update events.works set support_policy_id = 'draft'
    where id = (select min(id) from events.works where support_policy_id is null);
  insert into events.events (id, name_zh, name_en, kind, status, region_code, venue_id, part_of_id) values
    ('evt-planned', '机密检查', 'Inspection', 'INSPECTION_CAMPAIGN', 'SCHEDULED', '370212', 'syn-park-few', null),
    ('evt-planned-2', '另一检查', 'Another inspection', 'INSPECTION_CAMPAIGN', 'SCHEDULED', '110105', null, null),
    ('evt-part', '活动', 'Part', 'CONFERENCE', 'HELD', '110105', 'park-798', 'evt-planned');
  insert into events.event_participants (event_id, seq, role, target_type, target_id) values
    ('evt-planned', 1, 'PARTICIPANT', 'Enterprise', 'ent-goertek'), ('evt-planned', 2, 'PARTICIPANT', 'Enterprise', 'syn-ent-few');
  insert into events.inspection_campaigns (id, name_zh, name_en, purpose_zh, region_code, lead_id, starts_on, ends_on, stage) values
    ('evt-planned', '机密检查', 'Inspection', '机密', '370212', (select min(id) from policies.agencies), '2026-05-01', '2026-06-01', 'PLANNED'),
    ('evt-planned-2', '另一检查', 'Another', '机密', '110105', 'org-another', '2026-05-01', '2026-06-01', 'PLANNED'),
    ('evt-qd-joint-enforcement-2021', '联合执法', 'Joint', '机密', '370200', 'org-another', '2021-05-01', '2021-12-01', 'DONE');
  insert into events.campaign_agencies (campaign_id, agency_id) select id, lead_id from events.inspection_campaigns;
  insert into events.campaign_steps (object_id, seq, stage, step_on) select id, 1, stage, '2026-01-01' from events.inspection_campaigns;
  insert into events.changes (type, object_id, action, stage, version, region_code)
  select 'InspectionCampaign', id, 'PLAN', stage, 1, region_code from events.inspection_campaigns;
  insert into party.party_activities (id, unit_id, host_id, meeting, held_on, topic_zh, region_code, stage)
  select 'act-' || id, id, (select min(id) from policies.agencies), 'PARTY_LECTURE', '2026-01-10', '机密', region_code, 'RECORDED'
  from party.party_units where length(id) % 2 = 0;
  insert into party.party_brand_plans (id, region_code, year, planned, stage) values
    ('plan-1', '370212', 2026, 5, 'IN_FORCE'), ('plan-2', '110105', 2026, 7, 'IN_FORCE');
  insert into events.event_policies (event_id, seq, role, policy_id)
  select 'evt-part', 1, role, 'draft' from events.event_policies limit 1;`;

/** Ids for questions: of rows that few may see, of rows beside them, and of no row. */
export const ids = [
  'i-syn-ent-few-1',
  'i-ent-goertek-1',
  'i-ent-goertek-2',
  'f-i-syn-ent-few-1',
  'b-syn-ent-few',
  'b-ent-goertek',
  'd-syn-ent-few',
  'pay-syn-ent-few',
  'pay-ent-goertek',
  'req-syn-ent-few',
  'req-ent-goertek',
  'star-1',
  'star-2',
  'star-3',
  'f-i-ent-goertek-1',
  'draft',
  'draft-2',
  'draft-m1',
  'draft-e1',
  'call-1',
  'claim-1',
  'call-2',
  'evt-planned',
  'evt-planned-2',
  'evt-part',
  'evt-qd-joint-enforcement-2021',
  'pol-ls-exempt-apply',
  'pol-ls-exempt-apply-m01',
  'pol-qd-culture-tourism-support',
  'park-798',
  'syn-park-few',
  'park-few-av',
  'park-sunhe-52',
  'ent-goertek',
  'syn-ent-few',
  'syn-ent-few-2',
  'ent-bona-film',
  'ent-bluefocus',
  'nothing',
] as const;

export const regionCodes = ['370212', '370200', '370000', '110105', '110000', '110116'] as const;
