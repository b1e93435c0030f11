import {
  eventHosts,
  eventParticipants,
  eventPolicies,
  events,
  workMakers,
  works,
} from '@wenshu/events/tables.ts';
import { type AgencyDepartment, agencyOf } from './agencies.ts';
import { campaignCount, campaignStart, firstInspectionOf, inspectedEnterprise } from './campaigns.ts';
import { type City, ids } from './city.ts';
import { dateOf, today, yearOf } from './days.ts';
import { properName } from './names.ts';
import { hasBranch } from './party.ts';
import { weighted } from './random.ts';
import { recordColumns } from './record.ts';
import { type GeneratedTable, generated, type WrittenRow } from './table.ts';

export function eventTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    generated(events, counts.events, (i) => [eventRow(city, i)]),
    generated(eventHosts, counts.events, (i) => hostRows(city, i)),
    generated(eventParticipants, counts.events, (i) => participantRows(city, i)),
    generated(eventPolicies, counts.events, (i) => policyRows(city, i)),
    generated(works, counts.works, (i) => [workRow(city, i)]),
    generated(workMakers, counts.works, (i) => makerRows(city, i)),
  ];
}

const campaign = { kind: 'INSPECTION_CAMPAIGN', zh: '文化市场联合检查', en: 'Joint Inspection', size: 0 };
const eventKindOf = weighted(
  [{ kind: 'ROADSHOW', zh: '项目路演', en: 'Roadshow', size: 80 }, 16],
  [{ kind: 'TRAINING', zh: '产业培训班', en: 'Training', size: 60 }, 14],
  [{ kind: 'POLICY_BRIEFING', zh: '政策宣讲会', en: 'Policy Briefing', size: 120 }, 12],
  [{ kind: 'SALON', zh: '产业沙龙', en: 'Salon', size: 40 }, 12],
  [{ kind: 'FORUM', zh: '文化产业论坛', en: 'Forum', size: 300 }, 8],
  [{ kind: 'THEME_PARTY_DAY', zh: '主题党日', en: 'Theme Party Day', size: 40 }, 8],
  [{ kind: 'PERFORMANCE', zh: '惠民演出', en: 'Performance', size: 900 }, 8],
  [{ kind: 'CONTEST', zh: '创意大赛', en: 'Contest', size: 200 }, 6],
  [{ kind: 'EXPO', zh: '文化产业博览会', en: 'Expo', size: 20_000 }, 5],
  [{ kind: 'TRADE_FAIR', zh: '节目交易会', en: 'Trade Fair', size: 3_000 }, 4],
  [{ kind: 'FESTIVAL', zh: '文化节', en: 'Festival', size: 15_000 }, 4],
  [{ kind: 'CONSUMPTION_CAMPAIGN', zh: '文化消费季', en: 'Consumption Season', size: 50_000 }, 3],
);
const frequencyOf = weighted<string | null>([null, 75], ['YEARLY', 15], ['MONTHLY', 5], ['IRREGULAR', 5]);

/** Returns an event between 2019 and half a year ahead; seven in ten take place in a park. */
function eventAt(city: City, i: number) {
  const random = city.random('event', i);
  const isCampaign = i < campaignCount(city);
  const quarter = isCampaign
    ? city.quarterOf(inspectedEnterprise(city, firstInspectionOf(i)))
    : random.below(city.counts.parks);
  const place = city.placeIn(quarter);
  const { kind, zh, en, size } = isCampaign ? campaign : eventKindOf(random);
  const name = properName(random);
  const start = isCampaign ? campaignStart(city, i) : today + 180 - random.below(2_700);
  const isHeld = start <= today;
  const days = random.chance(0.7) ? 1 : random.between(2, 7);
  const year = yearOf(start);
  const hasDay = isHeld || random.chance(0.8);
  const row: WrittenRow<typeof events> = {
    ...recordColumns(
      ids.event(i),
      { zh: `${year}年${place.zh}${name.zh}${zh}`, en: `${place.en} ${name.en} ${en} ${year}` },
      random,
    ),
    kind,
    status: isHeld ? 'HELD' : 'SCHEDULED',
    startDate: hasDay ? dateOf(start) : null,
    endDate: hasDay && days > 1 ? dateOf(start + days - 1) : null,
    periodZh: hasDay ? null : `${year}年`,
    year,
    frequency: isCampaign ? null : frequencyOf(random),
    regionCode: place.code,
    venueId: !isCampaign && random.chance(0.7) ? ids.park(quarter) : null,
    attendanceValue:
      isHeld && size > 0 && random.chance(0.6) ? String(Math.ceil(size * random.lognormal(0.8))) : null,
    attendanceUnit: null,
    attendanceApprox: null,
    partOfId: null,
  };
  if (row.attendanceValue !== null) {
    row.attendanceUnit = size < 1_000 ? 'persons' : 'person_times';
    row.attendanceApprox = random.pick(['EXACT', 'OVER', 'NEARLY', 'ABOUT'] as const);
  }
  return { row, place, quarter };
}

export const eventRow = (city: City, i: number) => eventAt(city, i).row;

/** Returns the hosts: an agency, and often an enterprise or the park branch. */
function hostRows(city: City, i: number) {
  const { row, place, quarter } = eventAt(city, i);
  const random = city.random('hosts', i);
  const agency = (department: AgencyDepartment, role: string) => ({
    role,
    targetType: 'Agency',
    targetId: agencyOf(place.code, department),
  });
  const hosts = () => {
    if (row.kind === 'INSPECTION_CAMPAIGN')
      return [agency('CULTURE_TOURISM', 'HOST'), agency('MARKET_REGULATION', 'CO_HOST')];
    if (row.kind === 'THEME_PARTY_DAY' && hasBranch(city, quarter))
      return [{ role: 'HOST', targetType: 'PartyUnit', targetId: ids.parkBranch(quarter) }];
    const host = agency(random.pick(['PROPAGANDA', 'CULTURE_TOURISM', 'CULTURE_PROMOTION']), 'HOST');
    if (random.chance(0.5)) return [host];
    const organiser = {
      role: random.pick(['ORGANISER', 'CO_ORGANISER']),
      targetType: 'Enterprise',
      targetId: ids.enterprise(random.below(city.counts.enterprises)),
    };
    return [host, organiser];
  };
  return hosts().map((each, seq) => ({ eventId: ids.event(i), seq, ...each }));
}

/** Returns the participating enterprises, which are known for every second event; campaigns have inspections instead. */
function participantRows(city: City, i: number) {
  const random = city.random('participants', i);
  if (i < campaignCount(city) || random.chance(0.5)) return [];
  return random.several(random.between(1, 8), city.counts.enterprises).map((enterprise, seq) => ({
    eventId: ids.event(i),
    seq,
    role: random.chance(0.9) ? 'PARTICIPANT' : 'PARTNER',
    targetType: 'Enterprise',
    targetId: ids.enterprise(enterprise),
  }));
}

function policyRows(city: City, i: number) {
  const random = city.random('event policies', i);
  if (!random.chance(0.2)) return [];
  const role = random.pick(['PROMOTES', 'PROMOTES', 'ADOPTS', 'FUNDED_BY', 'IMPLEMENTS'] as const);
  const policyId = ids.policy(random.below(city.counts.policies));
  return [{ eventId: ids.event(i), seq: 0, role, policyId, measureId: null }];
}

const workKindOf = weighted(
  [{ kind: 'SERIES', zh: '剧集', en: 'Series' }, 35],
  [{ kind: 'FILM', zh: '电影', en: 'Film' }, 30],
  [{ kind: 'ANIMATED_FILM', zh: '动画', en: 'Animation' }, 20],
  [{ kind: 'OPERA', zh: '歌剧', en: 'Opera' }, 10],
  [{ kind: 'PERIODICAL', zh: '期刊', en: 'Periodical' }, 5],
);

function workRow(city: City, i: number): WrittenRow<typeof works> {
  const random = city.random('work', i);
  const { kind, zh, en } = workKindOf(random);
  const name = properName(random);
  return {
    ...recordColumns(ids.work(i), { zh: `${zh}《${name.zh}》`, en: `${name.en} (${en})` }, random),
    kind,
    supportPolicyId: random.chance(0.15) ? ids.policy(random.below(city.counts.policies)) : null,
  };
}

function makerRows(city: City, i: number) {
  const random = city.random('makers', i);
  return random.several(random.between(1, 2), city.counts.enterprises).map((enterprise, seq) => ({
    workId: ids.work(i),
    seq,
    role: seq === 0 ? 'PRODUCER' : 'MAKER',
    targetType: 'Enterprise',
    targetId: ids.enterprise(enterprise),
  }));
}
