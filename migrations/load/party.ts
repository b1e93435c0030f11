import {
  brandHonours,
  coverages,
  mechanismSubjects,
  meetingRules,
  partyBrands,
  partyMechanisms,
  partyUnits,
  unitHonours,
  unitSubjects,
} from '@wenshu/party/tables.ts';
import {
  type Dataset,
  DatasetError,
  honourRows,
  type Rows,
  recordRow,
  rowsOf,
  subjectRows,
} from './dataset.ts';

type PartyRecord = Dataset['partyUnits'][number];

/** Meetings in the order of 三会一课, by their name in the dataset. */
const meetings = {
  memberAssembly: 'MEMBER_ASSEMBLY',
  branchCommittee: 'BRANCH_COMMITTEE',
  partyGroupMeeting: 'PARTY_GROUP_MEETING',
  partyLecture: 'PARTY_LECTURE',
  themePartyDay: 'THEME_PARTY_DAY',
};

const subjectRole = {
  HAS_MEMBER_UNIT: 'MEMBER',
  LED_BY: 'LED_BY',
  GOVERNED_BY_POLICY: 'GOVERNED_BY',
  DEFINED_BY_MEASURE: 'DEFINED_BY',
};

export function partyRows(dataset: Dataset): Rows[] {
  const { partyUnits: records } = dataset;
  const units = records.filter(({ recordType }) => recordType === 'UNIT');
  const brands = records.filter(({ recordType }) => recordType === 'BRAND');
  const mechanisms = records.filter(({ recordType }) => recordType === 'MECHANISM');
  refuseProblems(units, brands);
  return [
    rowsOf(
      partyUnits,
      units.map((record) => ({
        ...recordRow(record),
        kind: record.kind,
        regionCode: record.regionCode,
        parentId: record.parentId,
        hostId: record.hostId,
        coverageMode: record.coverageMode,
        secretaryModelZh: record.secretaryModelZh,
      })),
    ),
    rowsOf(unitHonours, honourRows(units)),
    rowsOf(unitSubjects, subjectRows(units, subjectRole, dataset.typeOf)),
    rowsOf(
      meetingRules,
      units.flatMap(({ id, lifeCycle }) =>
        Object.entries(meetings).flatMap(([name, kind], seq) => {
          const rule = lifeCycle?.[name];
          return rule
            ? { unitId: id, seq, kind, frequency: rule.frequency, ruleZh: rule.ruleZh, alsoZh: rule.also }
            : [];
        }),
      ),
    ),
    rowsOf(coverages, coveragesOf(dataset, units)),
    rowsOf(
      partyBrands,
      brands.map((record) => ({
        ...recordRow(record),
        regionCode: record.regionCode,
        cultivatedById: record.parentId,
        ...ownerOf(record, dataset),
        // An honour of a document is an award.
        stage: (record.honours ?? []).length > 0 ? 'AWARDED' : 'CULTIVATED',
      })),
    ),
    rowsOf(brandHonours, honourRows(brands)),
    rowsOf(
      partyMechanisms,
      mechanisms.map((record) => ({
        ...recordRow(record),
        kind: record.kind,
        regionCode: record.regionCode,
        proposedById: record.parentId,
      })),
    ),
    rowsOf(mechanismSubjects, subjectRows(mechanisms, subjectRole, dataset.typeOf)),
  ];
}

/** Returns coverages. The unit, the park or the enterprise may state one, and often two of them do. */
function coveragesOf({ parks, enterprises, typeOf }: Dataset, units: PartyRecord[]) {
  const stated = [
    ...units.flatMap((unit) =>
      [...unit.parkIds, ...unit.enterpriseIds].map((targetId) => ({ unitId: unit.id, targetId })),
    ),
    ...parks.flatMap(({ id, partyUnitIds }) => partyUnitIds.map((unitId) => ({ unitId, targetId: id }))),
    ...enterprises.flatMap(({ id, relations }) =>
      relations
        .filter(({ type }) => type === 'HAS_PARTY_UNIT')
        .map(({ targetId }) => ({ unitId: targetId, targetId: id })),
    ),
  ];
  const once = new Map(stated.map((coverage) => [`${coverage.unitId} ${coverage.targetId}`, coverage]));
  return [...once.values()].map((coverage) => ({ ...coverage, targetType: typeOf(coverage.targetId) }));
}

const ownersOf = ({ parkIds, enterpriseIds }: PartyRecord) => [...parkIds, ...enterpriseIds];

function ownerOf(brand: PartyRecord, { typeOf }: Dataset) {
  const [ownerId = ''] = ownersOf(brand);
  return { ownerId, ownerType: typeOf(ownerId) };
}

function refuseProblems(units: PartyRecord[], brands: PartyRecord[]): void {
  const problems = [
    ...units.flatMap(({ id, lifeCycle }) =>
      Object.keys(lifeCycle ?? {})
        .filter((name) => !(name in meetings))
        .map(
          (name) => `record ${id}, field lifeCycle.${name}: is none of ${Object.keys(meetings).join(', ')}.`,
        ),
    ),
    ...brands
      .filter((brand) => ownersOf(brand).length !== 1)
      .map(({ id }) => `record ${id}, fields parkIds, enterpriseIds: must name the one owner of the brand.`),
  ];
  if (problems.length > 0) throw new DatasetError(problems.map((problem) => `party-units.json, ${problem}`));
}
