import { type SQL, sql } from 'drizzle-orm';
import { isStanding } from './star-lists.ts';
import {
  policies,
  policyEligibility,
  qualifyingListMembers,
  qualifyingLists,
  starListEntries,
  starLists,
} from './tables.ts';

/** Ids of the lists that a condition names, as a JSON list. */
const named = sql`case jsonb_typeof(${policyEligibility.value}) when 'array' then ${policyEligibility.value} else jsonb_build_array(${policyEligibility.value}) end`;

const isNamed = (id: SQL) => sql`${id} in (select jsonb_array_elements_text(lists.ids))`;

/** Star lists count as they are published; an entry that was vetoed, dropped or removed is no place. */
const isPublished = sql`${starLists.stage} = 'PUBLISHED'`;

const onRecord = sql`
  select ${qualifyingLists.id} as id, ${qualifyingLists.nameZh} as zh, ${qualifyingLists.nameEn} as en, ${qualifyingLists.isComplete} as whole
  from ${qualifyingLists} where ${isNamed(sql`${qualifyingLists.id}`)}
  union all
  select ${starLists.id}, ${starLists.nameZh}, ${starLists.nameZh}, true from ${starLists} where ${isNamed(sql`${starLists.id}`)} and ${isPublished}`;

/** A place on a list holds today, in Beijing. One without days holds until somebody ends it. */
const holdsToday = (from: SQL, until: SQL) => {
  const today = sql`(now() at time zone 'Asia/Shanghai')::date`;
  return sql`coalesce(${from} <= ${today}, true) and coalesce(${until} >= ${today}, true)`;
};

const isListed = sql`${qualifyingListMembers.stage} = 'LISTED' and ${holdsToday(sql`${qualifyingListMembers.holdsFrom}`, sql`${qualifyingListMembers.holdsUntil}`)}`;

const members = sql`
  select ${qualifyingListMembers.enterpriseId} as id from ${qualifyingListMembers} where ${isNamed(sql`${qualifyingListMembers.listId}`)} and ${isListed}
  union
  select ${starListEntries.enterpriseId} from ${starListEntries} join ${starLists} on ${starLists.id} = ${starListEntries.listId}
  where ${isNamed(sql`${starLists.id}`)} and ${isPublished} and ${isStanding}`;

/** The lists of a condition, as `NamedLists` of the kit. A list that is not on record has its own words as its name. */
const listsOfCondition = sql`(
  select jsonb_build_object(
    'ids', lists.ids,
    'namesZh', (select jsonb_agg(coalesce(known.zh, each.id)) from jsonb_array_elements_text(lists.ids) as each(id) left join (${onRecord}) as known on known.id = each.id),
    'namesEn', (select jsonb_agg(coalesce(known.en, each.id)) from jsonb_array_elements_text(lists.ids) as each(id) left join (${onRecord}) as known on known.id = each.id),
    'members', (select coalesce(jsonb_agg(member.id order by member.id), '[]') from (${members}) as member),
    'isComplete', (select count(*) from (${onRecord}) as known where known.whole) = jsonb_array_length(lists.ids))
  from (select ${named} as ids) as lists)`;

const conditions = sql`(
  select coalesce(jsonb_agg(jsonb_build_object(
    'field', ${policyEligibility.field}, 'op', ${policyEligibility.op}, 'value', ${policyEligibility.value},
    'textZh', ${policyEligibility.textZh}, 'measureId', ${policyEligibility.measureId},
    'lists', case when ${policyEligibility.field} = 'enterprise.onList' then ${listsOfCondition} end)
    order by ${policyEligibility.seq}), '[]')
  from ${policyEligibility} where ${policyEligibility.policyId} = ${policies.id})`;

/** A policy with its conditions and the lists that they name, as `ConditionalPolicy` of the kit. */
export const criteria: SQL = sql`jsonb_build_object(
  'id', ${policies.id}, 'status', ${policies.status}, 'regionCode', ${policies.regionCode},
  'synthetic', ${policies.synthetic}, 'conditions', ${conditions})`;
