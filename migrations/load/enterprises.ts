import {
  enterpriseGroups,
  enterpriseHonours,
  enterpriseParks,
  enterpriseSubjects,
  enterprises,
  enterpriseTiers,
} from '@wenshu/enterprises/tables.ts';
import { type Dataset, honourRows, type Rows, recordRow, rowsOf, subjectRows } from './dataset.ts';

const parkRole: Record<string, string> = { OPERATOR_OF_PARK: 'OPERATOR', INVESTOR_OF_PARK: 'INVESTOR' };
const subjectRole = { INVESTED_BY_DISTRICT_SOES: 'INVESTED_BY_DISTRICT_SOES' };

export function enterprisesRows({ enterprises: records, typeOf }: Dataset): Rows[] {
  return [
    rowsOf(
      enterprises,
      records.map((record) => ({
        ...recordRow(record),
        fullNameZh: record.fullNameZh,
        creditCode: record.creditCode,
        kind: record.kind,
        ownership: record.ownership,
        regionCode: record.regionCode,
        regionBasis: record.regionBasis,
        sectorZh: record.sectorZh,
        cultureDomainCode: record.cultureDomainCode,
        isCultureRelated: record.cultureRelated,
        isAboveScale: record.aboveScale,
        registeredCapital: registeredCapital(record.facts),
      })),
    ),
    rowsOf(enterpriseHonours, honourRows(records)),
    rowsOf(enterpriseSubjects, subjectRows(records, subjectRole, typeOf)),
    rowsOf(
      enterpriseTiers,
      records.flatMap(({ id, tiers }) => tiers.map((tier, seq) => ({ ...tier, enterpriseId: id, seq }))),
    ),
    rowsOf(
      enterpriseParks,
      records.flatMap(({ id, parkIds, relations }) => [
        ...parkIds.map((parkId) => ({ enterpriseId: id, parkId, role: 'TENANT' })),
        ...relations.flatMap(({ type, targetId }) => {
          const role = parkRole[type];
          return role ? { enterpriseId: id, parkId: targetId, role } : [];
        }),
      ]),
    ),
    rowsOf(
      enterpriseGroups,
      records.flatMap(({ id, relations }) =>
        relations
          .filter(({ type }) => type === 'MEMBER_OF')
          .map(({ targetId }) => ({ enterpriseId: id, groupId: targetId })),
      ),
    ),
  ];
}

const registeredCapital = ({ registeredCapitalYuan }: Record<string, unknown>): string | null =>
  typeof registeredCapitalYuan === 'number' ? String(registeredCapitalYuan) : null;
