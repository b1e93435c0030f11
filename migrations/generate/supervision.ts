import {
  blacklistEntries,
  findingStages,
  findings,
  inspectionAgencies,
  inspections,
} from '@wenshu/enterprises/tables.ts';
import { agencyOf } from './agencies.ts';
import { assessmentTables } from './assessments.ts';
import { campaignOf, campaignStart, inspectedEnterprise } from './campaigns.ts';
import { type City, ids } from './city.ts';
import { dateOf, today } from './days.ts';
import { weighted } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

export function supervisionTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    generated(inspections, counts.inspections, (i) => [inspectionRow(city, i)]),
    generated(inspectionAgencies, counts.inspections, (i) => inspectionAgencyRows(city, i)),
    generated(findings, counts.inspections, (i) => findingsOf(city, i).map(({ row }) => row)),
    generated(findingStages, counts.inspections, (i) => findingsOf(city, i).flatMap(stageRows)),
    generated(blacklistEntries, counts.blacklistEntries, (i) => [blacklistRow(city, i)]),
    ...assessmentTables(city),
  ];
}

const routineMethodOf = weighted(
  ['DOUBLE_RANDOM', 60],
  ['ROUTINE', 20],
  ['SPECIAL', 8],
  ['COMPLAINT', 7],
  ['FOLLOW_UP', 5],
);

function inspectionAt(city: City, i: number) {
  const random = city.random('inspection', i);
  const campaign = campaignOf(city, i);
  return {
    id: ids.inspection(i),
    enterprise: inspectedEnterprise(city, i),
    campaignId: campaign === undefined ? null : ids.event(campaign),
    method: campaign === undefined ? routineMethodOf(random) : 'JOINT',
    day:
      campaign === undefined
        ? today - 1 - random.below(1095)
        : campaignStart(city, campaign) + random.below(3),
    isSuspected: random.chance(0.036),
    random,
  };
}

function inspectionRow(city: City, i: number) {
  const { id, enterprise, campaignId, method, day, isSuspected, random } = inspectionAt(city, i);
  return {
    ...statementColumns(id, random),
    enterpriseId: ids.enterprise(enterprise),
    campaignId,
    method,
    inspectedOn: dateOf(day),
    result: isSuspected ? 'SUSPECTED' : 'NO_PROBLEM',
  };
}

function inspectionAgencyRows(city: City, i: number) {
  const { id, enterprise, campaignId } = inspectionAt(city, i);
  const { code } = city.placeIn(city.quarterOf(enterprise));
  const departments = campaignId
    ? (['MARKET_REGULATION', 'CULTURE_TOURISM'] as const)
    : (['MARKET_REGULATION'] as const);
  return departments.map((department) => ({ inspectionId: id, agencyId: agencyOf(code, department) }));
}

const faults = [
  ['未按规定公示营业执照', 'MINOR'],
  ['网络文化经营许可证未及时变更', 'LIGHT'],
  ['广告内容含绝对化用语', 'ORDINARY'],
  ['未经批准从事营业性演出', 'HEAVY'],
] as const;

/** Returns findings: 57 % of suspicions are filed, and 25 % of these are penalised; first and slight faults are exempted. */
function findingsOf(city: City, i: number) {
  const { id, enterprise, day, isSuspected, random } = inspectionAt(city, i);
  if (!isSuspected) return [];
  const [titleZh, severity] = random.pick(faults);
  const decided = Math.min(today, day + random.between(7, 60));
  const outcome = !random.chance(0.57)
    ? 'DISMISSED'
    : random.chance(0.25)
      ? 'PENALISED'
      : random.pick(['WARNED', 'EXEMPTED', 'EXEMPTED'] as const);
  const isMinor = severity === 'MINOR';
  const isPenalised = outcome === 'PENALISED';
  const isExempted = outcome === 'EXEMPTED';
  const row: typeof findings.$inferSelect = {
    id: `${id}-1`,
    inspectionId: id,
    enterpriseId: ids.enterprise(enterprise),
    titleZh: `${titleZh}${suffix.zh}`,
    basisZh: isPenalised ? '行政处罚法' : null,
    severity,
    harmCaused: isExempted ? 'NONE' : random.pick(['NONE', 'SLIGHT'] as const),
    isFirst: isExempted || random.chance(0.8),
    notifiedOn: outcome === 'DISMISSED' ? null : dateOf(decided),
    correctedOn: isExempted || random.chance(0.5) ? dateOf(decided) : null,
    penaltyKinds: isPenalised ? ['FINE'] : null,
    penaltyAmount: isPenalised ? String(Math.ceil(random.lognormal(1) * 10) * 1000) : null,
    penaltyDecidedOn: isPenalised ? dateOf(decided) : null,
    penaltyDocumentNo: null,
    penaltyPublishedOn: isPenalised ? dateOf(Math.min(today, decided + 7)) : null,
    penaltyPublishedUntil: isPenalised ? dateOf(decided + 365) : null,
    penaltyRestoredOn: null,
    exemptionKind: isExempted ? (isMinor ? 'MINOR_CORRECTED' : 'FIRST_CORRECTED') : null,
    exemptionBasisZh: isExempted ? '行政处罚法第三十三条' : null,
    exemptionDecidedOn: isExempted ? dateOf(decided) : null,
    exemptionToleranceUntil: isExempted && !isMinor ? dateOf(decided + random.between(365, 730)) : null,
  };
  return [{ row, outcome, day, decided }];
}

function stageRows({ row, outcome, day, decided }: ReturnType<typeof findingsOf>[number]) {
  const filed = Math.min(decided, day + 7);
  const stages = [
    ['SUSPECTED', day],
    ...(outcome === 'DISMISSED' ? [] : [['FILED', filed] as const]),
    [outcome, decided],
  ] as const;
  return stages.map(([stage, on], seq) => ({ findingId: row.id, seq, stage, on: dateOf(on) }));
}

function blacklistRow(city: City, i: number) {
  const random = city.random('blacklist', i);
  const enterprise = Math.floor((i * city.counts.enterprises) / city.counts.blacklistEntries);
  const listed = today - random.below(900);
  return {
    ...statementColumns(ids.blacklistEntry(i), random),
    enterpriseId: ids.enterprise(enterprise),
    listedById: agencyOf(city.placeIn(city.quarterOf(enterprise)).code, 'MARKET_REGULATION'),
    reasonZh: `${random.pick(['严重失信', '多次违规经营', '拒不履行处罚决定'])}${suffix.zh}`,
    listedOn: dateOf(listed),
    until: dateOf(listed + 3 * 365),
    restoredOn: random.chance(0.3) ? dateOf(Math.min(today, listed + random.between(180, 365))) : null,
    publishedOn: random.chance(0.9) ? dateOf(Math.min(today, listed + random.between(1, 20))) : null,
  };
}
