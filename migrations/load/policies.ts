import {
  agencies,
  agencySubjects,
  measureResponsible,
  measures,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
  qualifyingListMembers,
  qualifyingLists,
} from '@wenshu/policies/tables.ts';
import { type Dataset, type Rows, recordRow, rowsOf, subjectRows } from './dataset.ts';

type PolicyRecord = Dataset['policies'][number];

/** Roles of the subjects that an agency names. Its place is a column, and its membership stands with the other body. */
const agencyRole = {
  MEMBER: 'MEMBER',
  DEPUTY_HEAD_UNIT: 'DEPUTY_HEAD',
  SUPERVISED_BY: 'SUPERVISED_BY',
  COOPERATES_WITH: 'COOPERATES_WITH',
};

export const policiesRows = ({ policies: records, organisations, typeOf }: Dataset): Rows[] => [
  ...policyRows(records, typeOf),
  ...measureRows(records, typeOf),
  rowsOf(
    policyEligibility,
    records.flatMap(({ id, eligibility }) =>
      eligibility.map((condition) => ({ ...condition, policyId: id })),
    ),
  ),
  ...listRows(records),
  agencyRows(organisations),
  rowsOf(agencySubjects, subjectRows(withMembers(organisations), agencyRole, typeOf)),
];

function policyRows(records: readonly PolicyRecord[], typeOf: Dataset['typeOf']): Rows[] {
  return [
    rowsOf(
      policies,
      records.map((record) => ({
        ...recordRow(record),
        kind: record.kind,
        domain: record.policyDomain,
        status: record.status,
        docNo: record.docNo,
        ...issue(record.issuedOn),
        regionCode: record.regionCode,
      })),
    ),
    rowsOf(
      policyIssuers,
      records.flatMap(({ id, issuerIds }) =>
        issuerIds.map((targetId, seq) => ({ policyId: id, seq, targetType: typeOf(targetId), targetId })),
      ),
    ),
    rowsOf(
      policyBases,
      records.flatMap(({ id, basedOnIds }) =>
        basedOnIds.map((basisId, seq) => ({ policyId: id, seq, basisId })),
      ),
    ),
    rowsOf(
      policySubjects,
      records.flatMap(({ id, relations }) =>
        relations.map(({ type: role, targetId }, seq) => ({
          policyId: id,
          seq,
          role,
          targetType: typeOf(targetId),
          targetId,
        })),
      ),
    ),
  ];
}

function measureRows(records: readonly PolicyRecord[], typeOf: Dataset['typeOf']): Rows[] {
  const clauses = records.flatMap(({ id, measures: own }) =>
    own.map((measure) => ({ policyId: id, measure })),
  );
  return [
    rowsOf(
      measures,
      clauses.map(({ policyId, measure: { responsibleOrgIds: _, quantities, ...measure } }) => ({
        ...measure,
        policyId,
        quantities: quantities ?? {},
      })),
    ),
    rowsOf(
      measureResponsible,
      clauses.flatMap(({ measure: { id, responsibleOrgIds } }) =>
        responsibleOrgIds.map((targetId, seq) => ({
          measureId: id,
          seq,
          targetType: typeOf(targetId),
          targetId,
        })),
      ),
    ),
  ];
}

function listRows(records: readonly PolicyRecord[]): Rows[] {
  const lists = records.flatMap(({ id, lists }) => lists.map((list) => ({ policyId: id, ...list })));
  return [
    rowsOf(
      qualifyingLists,
      lists.map(({ memberIds: _, ...list }) => list),
    ),
    rowsOf(
      qualifyingListMembers,
      lists.flatMap(({ id, memberIds }) => memberIds.map((enterpriseId) => ({ listId: id, enterpriseId }))),
    ),
  ];
}

const agencyRows = (organisations: Dataset['organisations']): Rows =>
  rowsOf(
    agencies,
    organisations.map((record) => ({
      ...recordRow(record),
      kind: record.kind,
      department: record.department,
      parentId: record.parentId,
      regionCode: record.regionCode,
      parkId: record.relations.find(({ type }) => type === 'LOCATED_IN')?.targetId ?? null,
      services: record.services,
    })),
  );

/** Returns each agency with all of its members: those that it names, and those that name it. */
const withMembers = (organisations: Dataset['organisations']) =>
  organisations.map(({ id, relations }) => {
    const named = new Set(relations.map(({ targetId }) => targetId));
    const others = organisations.filter(
      (other) =>
        !named.has(other.id) &&
        other.relations.some(({ type, targetId }) => type === 'MEMBER_UNIT_OF' && targetId === id),
    );
    return {
      id,
      relations: [...relations, ...others.map((other) => ({ type: 'MEMBER', targetId: other.id }))],
    };
  });

/** Returns the day of issue, or only the year if the source gives no day; a day is never invented. */
function issue(printed: string | null): { issuedOn: string | null; issuedYear: number | null } {
  if (!printed) return { issuedOn: null, issuedYear: null };
  return { issuedOn: printed.length === 10 ? printed : null, issuedYear: Number(printed.slice(0, 4)) };
}
