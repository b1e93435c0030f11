import {
  parkRecognitions,
  parks,
  projectOwners,
  projectParks,
  projectPolicies,
  projectStages,
  projectSubjects,
  projects,
  projectTargets,
} from '@wenshu/parks/tables.ts';
import { type Dataset, honourRows, type Rows, recordRow, rowsOf, subjectRows } from './dataset.ts';

const subjectRole = {
  PART_OF: 'PART_OF',
  RELATED_TO: 'RELATED_TO',
  RELATED_EVENT: 'RELATED_TO',
  AWARDED_BY: 'AWARDED_BY',
  BUILDS: 'BUILDS',
  HOSTS: 'HOSTS',
};

export function parksRows(dataset: Dataset): Rows[] {
  const records = dataset.projects;
  const ownersOf = ownersIn(dataset);
  return [
    rowsOf(
      parks,
      parentsFirst(dataset.parks).map((park) => ({
        ...recordRow(park),
        kind: park.kind,
        level: park.level,
        regionCode: park.regionCode,
        addressZh: park.addressZh,
        floorAreaSqm: park.floorArea && String(park.floorArea.sqm),
        floorAreaApprox: park.floorArea?.approx,
        statedTenantCount: park.tenants?.count,
        statedTenantApprox: park.tenants?.approx,
        statedTenantScope: park.tenants?.scope,
        ...revenueOf(park.id, dataset),
        operatorType: park.operatorId && dataset.typeOf(park.operatorId),
        operatorId: park.operatorId,
        parentId: park.parentParkId,
        isVirtual: park.isVirtual,
      })),
    ),
    rowsOf(
      parkRecognitions,
      honourRows(dataset.parks.map(({ id, recognitions }) => ({ id, honours: recognitions }))),
    ),
    rowsOf(
      projects,
      records.map((project) => ({
        ...recordRow(project),
        kind: project.kind,
        regionCode: project.regionCode,
        currentStage: project.currentStage,
        currentStageZh: project.currentStageZh,
        bundleSize: project.bundleSize,
        plannedInvestment: yuan(project.plannedInvestmentYuan),
        completedInvestment: yuan(project.completedInvestmentYuan),
        investmentApprox: project.investmentApprox,
      })),
    ),
    rowsOf(
      projectStages,
      records.flatMap(({ id, stages }) => stages.map((stage) => ({ ...stage, projectId: id }))),
    ),
    rowsOf(
      projectTargets,
      records.flatMap(({ id, targets }) =>
        (targets ?? []).map((target, seq) => ({ ...target, ...daysOf(target.period), projectId: id, seq })),
      ),
    ),
    rowsOf(projectSubjects, subjectRows(records, subjectRole, dataset.typeOf)),
    rowsOf(
      projectOwners,
      records.flatMap((project) =>
        ownersOf(project).map(({ role, ownerId }, seq) => ({
          projectId: project.id,
          seq,
          role,
          ownerType: dataset.typeOf(ownerId),
          ownerId,
        })),
      ),
    ),
    rowsOf(
      projectParks,
      records.flatMap(({ id, parkIds }) => parkIds.map((parkId, seq) => ({ projectId: id, seq, parkId }))),
    ),
    rowsOf(
      projectPolicies,
      records.flatMap(({ id, policyIds }) =>
        policyIds.map((policyId, seq) => ({ projectId: id, seq, policyId })),
      ),
    ),
  ];
}

/** Returns the first and the last day of a period that is a year, a month or a day; nothing for other words, such as NEXT. */
function daysOf(period: string | null) {
  const [, year, month, day] = period?.match(/^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/) ?? [];
  if (!year) return { periodStart: null, periodEnd: null };
  const last = day ?? new Date(Date.UTC(Number(year), Number(month ?? 12), 0)).getUTCDate();
  return {
    periodStart: `${year}-${month ?? '01'}-${day ?? '01'}`,
    periodEnd: `${year}-${month ?? '12'}-${last}`,
  };
}

/** Returns the last published revenue of a park's enterprises. */
function revenueOf(parkId: string, { indicators }: Dataset) {
  const last = indicators
    .filter(
      ({ subjectId, metric, unit }) =>
        subjectId === parkId && metric === 'OPERATING_REVENUE' && unit === 'CNY',
    )
    .filter(({ valueKind }) => valueKind === 'ACTUAL')
    .reduce<Dataset['indicators'][number] | undefined>(
      (latest, each) => ((each.periodEnd ?? '') > (latest?.periodEnd ?? '') ? each : latest),
      undefined,
    );
  return {
    revenue: last && String(last.value),
    revenueApprox: last?.approx,
    revenuePeriodStart: last?.periodStart,
    revenuePeriodEnd: last?.periodEnd,
  };
}

/** Sorts every park after the park that it is part of, whatever the order in the file. */
function parentsFirst(parks: Dataset['parks']): Dataset['parks'] {
  const byId = new Map(parks.map((park) => [park.id, park]));
  const ordered: Dataset['parks'] = [];
  const seen = new Set<string>();
  const place = (park: Dataset['parks'][number]) => {
    if (seen.has(park.id)) return;
    seen.add(park.id);
    const parent = park.parentParkId ? byId.get(park.parentParkId) : undefined;
    if (parent) place(parent);
    ordered.push(park);
  };
  for (const park of parks) place(park);
  return ordered;
}

/** Returns a project's owners. The project lists them; the enterprises' records say which are only partners. */
function ownersIn({ enterprises }: Dataset) {
  const partnerships = new Set(
    enterprises.flatMap(({ id, relations }) =>
      relations
        .filter(({ type }) => type === 'PARTNER_OF_PROJECT')
        .map(({ targetId }) => `${id} ${targetId}`),
    ),
  );
  return ({ id, ownerIds, relations }: Dataset['projects'][number]) => [
    ...ownerIds.map((ownerId) => ({
      role: partnerships.has(`${ownerId} ${id}`) ? 'PARTNER' : 'OWNER',
      ownerId,
    })),
    ...relations
      .filter(({ type }) => type === 'OPERATED_BY')
      .map(({ targetId }) => ({ role: 'OPERATOR', ownerId: targetId })),
  ];
}

const yuan = (value: number | null): string | null => (value === null ? null : String(value));
