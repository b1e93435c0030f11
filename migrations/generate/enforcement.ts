import {
  blacklistEntries,
  blacklistSteps,
  findingSteps,
  findings,
  guidePriceIssuers,
  guidePriceSteps,
  guidePrices,
} from '@wenshu/enterprises/tables.ts';
import { type BlacklistAction, blacklistTable } from '@wenshu/enterprises/workflows/blacklist-table.ts';
import { type FindingAction, findingTable } from '@wenshu/enterprises/workflows/finding-table.ts';
import { guidePriceTable } from '@wenshu/enterprises/workflows/guide-price-table.ts';
import { type Act, courseOf } from '@wenshu/kit/workflow/course.ts';
import { enforcementRules } from '@wenshu/schema/enforcement-rules.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, type Place, places } from './city.ts';
import { workingDaysAfter } from './courses.ts';
import { dateOf, dayNumber, today } from './days.ts';
import { agenciesOf, inspectionAt, inspectionCount, placeOf } from './inspections.ts';
import { type LiveAct, liveCases, liveEntries } from './live-cases.ts';
import type { Random } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

export function enforcementTables(city: City): GeneratedTable[] {
  const entries = city.counts.blacklistEntries + liveEntries.length;
  return [
    generated(findings, inspectionCount(city), (i) => findingsOf(city, i).map(({ row }) => row)),
    generated(findingSteps, inspectionCount(city), (i) => findingsOf(city, i).flatMap(({ steps }) => steps)),
    generated(blacklistEntries, entries, (i) => [entryAt(city, i).row]),
    generated(blacklistSteps, entries, (i) => entryAt(city, i).steps),
    generated(guidePrices, guidePriceCount, (i) => [guidePriceAt(city, i).row]),
    generated(guidePriceIssuers, guidePriceCount, (i) => guidePriceAt(city, i).issuers),
    generated(guidePriceSteps, guidePriceCount, (i) => guidePriceAt(city, i).steps),
  ];
}

const faults = [
  ['未按规定公示营业执照', 'MINOR'],
  ['网络文化经营许可证未及时变更', 'LIGHT'],
  ['广告内容含绝对化用语', 'ORDINARY'],
  ['未经批准从事营业性演出', 'HEAVY'],
] as const;

type Planned<Action extends string> = readonly [action: Action, day: number, dueOn?: number];

/** Returns the actions on a suspicion: 57 % are filed, and 25 % of these are penalised; first and slight faults are exempted. */
function planOf(random: Random, day: number): readonly Planned<FindingAction>[] {
  const added: Planned<FindingAction> = ['ADD', day + 1];
  const first = day + random.between(4, 14);
  if (!random.chance(0.57)) {
    return random.chance(0.5)
      ? [added, ['DISMISS', first]]
      : [added, ['WARN', first, first + 15], ['NOTE_CORRECTION', first + random.between(3, 20)]];
  }
  const notified = first + random.between(3, 20);
  const decided = notified + random.between(10, 50);
  const begun: readonly Planned<FindingAction>[] = [added, ['FILE', first], ['NOTIFY', notified]];
  if (random.chance(0.25)) {
    const published = decided + random.between(1, 9);
    const lapsed = published + enforcementRules.publicationDays + 1;
    return [...begun, ['PENALISE', decided], ['PUBLISH', published], ['LAPSE', lapsed]];
  }
  return random.chance(0.8)
    ? [...begun, ['NOTE_CORRECTION', notified + 2], ['EXEMPT', decided]]
    : [...begun, ['DISMISS', decided]];
}

const agoToDay = <Action extends string>([action, daysAgo, due]: LiveAct<Action>): Planned<Action> =>
  due === undefined ? [action, today - daysAgo] : [action, today - daysAgo, today + due];

/** Returns what was carried out until today, with the due days that the action itself sets. */
const actsOf = (plan: readonly Planned<FindingAction>[], agencyId: string): readonly Act<FindingAction>[] =>
  plan
    .filter(([, day]) => day <= today)
    .map(([action, day, due]) => ({
      action,
      on: dateOf(day),
      agencyId: action === 'LAPSE' ? null : agencyId,
      dueOn:
        action === 'FILE' ? dateOf(day + enforcementRules.caseDays) : due === undefined ? null : dateOf(due),
    }));

/** Returns the finding of a suspicious inspection, with its steps by the table of the workflow. */
export function findingsOf(city: City, i: number) {
  const { enterprise, day, isSuspected, random, id } = inspectionAt(city, i);
  if (!isSuspected) return [];
  const live = liveCases[i - city.counts.inspections];
  const [titleZh, severity] = random.pick(faults);
  const [caseAgencyId = ''] = agenciesOf(city, i);
  const plan = live ? live.acts.map(agoToDay) : planOf(random, day);
  const acts = actsOf(plan, caseAgencyId);
  const { steps, stage, version, dueOn } = courseOf(findingTable, acts, workingDaysAfter);
  const dayOf = (action: FindingAction) => acts.find((act) => act.action === action)?.on ?? null;
  const exempted = dayOf('EXEMPT');
  const isMinor = severity === 'MINOR';
  const row: typeof findings.$inferSelect = {
    id: `${id}-1`,
    inspectionId: id,
    enterpriseId: ids.enterprise(enterprise),
    regionCode: placeOf(city, enterprise).code,
    stage,
    version,
    dueOn,
    synthetic: true,
    updatedAt: `${steps.at(-1)?.on} 04:00:00+00`,
    caseAgencyId: dayOf('FILE') ? caseAgencyId : null,
    foundOn: dayOf('ADD'),
    filedOn: dayOf('FILE'),
    statementUntil: afterNotification(dayOf('NOTIFY')),
    statementZh: null,
    titleZh: `${titleZh}${suffix.zh}`,
    basisZh: dayOf('PENALISE') ? '行政处罚法' : null,
    severity,
    harmCaused: exempted ? 'NONE' : random.pick(['NONE', 'SLIGHT'] as const),
    isFirst: exempted !== null || random.chance(0.8),
    notifiedOn: dayOf('WARN') ?? dayOf('NOTIFY'),
    warningKind: dayOf('WARN') ? random.pick(['TALK', 'ORDER_TO_CORRECT'] as const) : null,
    correctedOn: dayOf('NOTE_CORRECTION'),
    ...penaltyOf(random, dayOf),
    exemptionKind: exempted ? (isMinor ? 'MINOR_CORRECTED' : 'FIRST_CORRECTED') : null,
    exemptionBasisZh: exempted ? '行政处罚法第三十三条' : null,
    exemptionDecidedOn: exempted,
    exemptionToleranceUntil:
      exempted && !isMinor ? dateOf(dayNumber(exempted) + random.between(365, 730)) : null,
  };
  return [{ row, steps: steps.map((step) => ({ objectId: row.id, ...step })) }];
}

const afterNotification = (notified: string | null) =>
  notified && workingDaysAfter(notified, enforcementRules.statementWorkingDays);

function penaltyOf(random: Random, dayOf: (action: FindingAction) => string | null) {
  const decided = dayOf('PENALISE');
  const published = dayOf('PUBLISH');
  return {
    penaltyKinds: decided ? ['FINE'] : null,
    penaltyAmount: decided ? String(Math.ceil(random.lognormal(1) * 10) * 1000) : null,
    penaltyDecidedOn: decided,
    penaltyDocumentNo: null,
    penaltyPublishedOn: published,
    penaltyPublishedUntil: published && dateOf(dayNumber(published) + enforcementRules.publicationDays),
    penaltyRestoredOn: null,
    penaltyWithdrawnOn: null,
  };
}

/** Returns an entry of the blacklist; three in ten are restored. */
export function entryAt(city: City, i: number) {
  const random = city.random('blacklist', i);
  const live = liveEntries[i - city.counts.blacklistEntries];
  const enterprise = live
    ? Math.floor(((i - city.counts.blacklistEntries) * city.counts.enterprises) / liveEntries.length) + 5
    : Math.floor((i * city.counts.enterprises) / city.counts.blacklistEntries);
  const place = placeOf(city, enterprise);
  const listedById = agencyOf(place.code, 'MARKET_REGULATION');
  const listed = today - random.below(900);
  const plan: readonly Planned<BlacklistAction>[] = live
    ? live.map(agoToDay)
    : [
        ['PROPOSE', listed - 20],
        ['LIST', listed],
        ['PUBLISH', listed + random.between(1, 9)],
        ...(random.chance(0.3) ? [['RESTORE', listed + random.between(180, 365)] as const] : []),
      ];
  const acts = plan
    .filter(([, day]) => day <= today)
    .map(([action, day]) => ({ action, on: dateOf(day), agencyId: listedById }));
  const { steps, stage, version, dueOn } = courseOf(blacklistTable, acts, workingDaysAfter);
  const dayOf = (action: BlacklistAction) => acts.find((act) => act.action === action)?.on ?? null;
  const listedOn = dayOf('LIST');
  const row: typeof blacklistEntries.$inferSelect = {
    ...statementColumns(ids.blacklistEntry(i), random),
    enterpriseId: ids.enterprise(enterprise),
    listedById,
    regionCode: place.code,
    stage,
    version,
    dueOn,
    reasonZh: `${random.pick(['严重失信', '多次违规经营', '拒不履行处罚决定'])}${suffix.zh}`,
    basisZh: null,
    proposedOn: dayOf('PROPOSE'),
    statementZh: null,
    listedOn,
    until: listedOn && dateOf(dayNumber(listedOn) + 3 * 365),
    restoredOn: dayOf('RESTORE'),
    publishedOn: dayOf('PUBLISH'),
  };
  return { row, steps: steps.map((step) => ({ objectId: row.id, ...step })) };
}

const lines = ['古城一日游', '山海两日游', '红色文化三日游'] as const;
const guidePriceCount = places.length * lines.length;

/** Returns a guide price of a place for the year of today. */
function guidePriceAt(city: City, i: number) {
  const random = city.random('guide price', i);
  const place = places[i % places.length] as Place;
  const id = ids.guidePrice(i);
  const recordedById = agencyOf(place.code, 'CULTURE_TOURISM');
  const year = dateOf(today).slice(0, 4);
  const acts = [{ action: 'RECORD' as const, on: `${year}-01-10`, agencyId: recordedById }];
  const { steps, stage, version, dueOn } = courseOf(guidePriceTable, acts, workingDaysAfter);
  const row: typeof guidePrices.$inferSelect = {
    ...statementColumns(id, random),
    lineZh: `${place.zh}${lines[Math.floor(i / places.length)]}${suffix.zh}`,
    floor: String(random.between(8, 90) * 10),
    regionCode: place.code,
    validFrom: `${year}-01-01`,
    validUntil: `${Number(year) + 1}-12-31`,
    basisZh: null,
    recordedById,
    stage,
    version,
    dueOn,
  };
  return {
    row,
    issuers: [{ guidePriceId: id, agencyId: agencyOf(place.code, 'CULTURE_PROMOTION') }],
    steps: steps.map((step) => ({ objectId: id, ...step })),
  };
}
