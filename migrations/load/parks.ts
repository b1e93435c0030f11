import {
  parks,
  projectOwners,
  projectParks,
  projectPolicies,
  projectStages,
  projects,
} from '@wenshu/parks/tables.ts';
import { type Dataset, type Rows, recordRow, rowsOf } from './dataset.ts';

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
        recognitions: park.recognitions,
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
      projects,
      records.map((project) => ({
        ...recordRow(project),
        kind: project.kind,
        regionCode: project.regionCode,
        currentStage: project.currentStage,
        currentStageZh: project.currentStageZh,
        targets: project.targets,
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
