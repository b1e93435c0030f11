import {
  eventHosts,
  eventLikenesses,
  eventParticipants,
  eventPolicies,
  eventSubjects,
  events,
  workHonours,
  workMakers,
  works,
} from '@wenshu/events/tables.ts';
import {
  citationsOf,
  type Dataset,
  honourRows,
  type Rows,
  recordRow,
  rowsOf,
  subjectRows,
} from './dataset.ts';

type EventRecord = Dataset['events'][number];
type WorkRecord = Dataset['works'][number];

const policyRole: Record<string, string> = {
  PROMOTES_POLICY: 'PROMOTES',
  ADOPTS_POLICY: 'ADOPTS',
  FUNDED_BY_POLICY: 'FUNDED_BY',
  ENFORCES_POLICY: 'ENFORCES',
  IMPLEMENTS_MEASURE: 'IMPLEMENTS',
};
const subjectRole = {
  USES_PLATFORM: 'PLATFORM',
  COVERED_BY: 'MEDIA',
  AWARDED_BY: 'AWARDED_BY',
  AWARDED_TO: 'AWARDED_TO',
  FOUNDED_ORG: 'FOUNDED',
};
const makerRole: Record<string, string> = { PRODUCER_OF: 'PRODUCER', CREATOR_OF: 'CREATOR' };

export function eventsRows(dataset: Dataset): Rows[] {
  const { events: records, works: workRecords, typeOf } = dataset;
  const target: TargetOf = (id) => ({ targetType: typeOf(id), targetId: id });
  const stated = statedBySubject(dataset);
  return [
    eventRows(records),
    rowsOf(
      eventHosts,
      records.flatMap(({ id, hosts }) =>
        hosts.map(({ orgId, role }, seq) => ({ eventId: id, seq, role, ...target(orgId) })),
      ),
    ),
    participantRows(records, stated, target),
    eventPolicyRows(records, dataset),
    rowsOf(eventSubjects, subjectRows(records, subjectRole, typeOf)),
    rowsOf(eventLikenesses, likenesses(records)),
    workRows(workRecords),
    rowsOf(workHonours, honourRows(workRecords)),
    makerRows(workRecords, stated, target),
  ];
}

type TargetOf = (id: string) => { readonly targetType: string; readonly targetId: string };

/** Returns the statements on records of enterprises, by their subject. */
const statedBySubject = ({ enterprises }: Dataset) =>
  Map.groupBy(
    enterprises.flatMap(({ id, relations }) =>
      relations.map(({ type, targetId }) => ({ type, targetId, enterpriseId: id })),
    ),
    ({ targetId }) => targetId,
  );

type Stated = ReturnType<typeof statedBySubject>;

const eventRows = (records: readonly EventRecord[]): Rows =>
  rowsOf(
    events,
    wholesFirst(records).map((record) => ({
      ...recordRow(record),
      kind: record.kind,
      status: record.status,
      startDate: record.startDate,
      endDate: record.endDate,
      periodZh: record.periodZh,
      year: yearOf(record),
      frequency: record.frequency,
      regionCode: record.regionCode,
      venueId: record.venueId,
      attendanceValue: record.attendance && String(record.attendance.value),
      attendanceUnit: record.attendance?.unit,
      attendanceApprox: record.attendance?.approx,
      partOfId: wholeOf(record),
    })),
  );

const participantRows = (records: readonly EventRecord[], stated: Stated, target: TargetOf): Rows =>
  rowsOf(
    eventParticipants,
    records.flatMap(({ id, participantIds }) => {
      const partners = (stated.get(id) ?? []).filter(({ type }) => type === 'PARTNER_OF_EVENT');
      return [
        ...participantIds.map((participantId) => ({ role: 'PARTICIPANT', ...target(participantId) })),
        ...partners.map(({ enterpriseId }) => ({ role: 'PARTNER', ...target(enterpriseId) })),
      ].map((participant, seq) => ({ eventId: id, seq, ...participant }));
    }),
  );

function eventPolicyRows(records: readonly EventRecord[], { policies }: Dataset): Rows {
  const policyOfMeasure = new Map(
    policies.flatMap(({ id, measures }) => measures.map((measure) => [measure.id, id])),
  );
  const policiesOf = ({ relations }: EventRecord) =>
    relations.flatMap(({ type, targetId }) => {
      const role = policyRole[type];
      if (!role) return [];
      const policyId = policyOfMeasure.get(targetId);
      return policyId
        ? { role, policyId, measureId: targetId }
        : { role, policyId: targetId, measureId: null };
    });
  return rowsOf(
    eventPolicies,
    records.flatMap((record) =>
      policiesOf(record).map((policy, seq) => ({ eventId: record.id, seq, ...policy })),
    ),
  );
}

const workRows = (records: readonly WorkRecord[]): Rows =>
  rowsOf(
    works,
    records.map((record) => ({
      id: record.id,
      nameZh: record.titleZh,
      nameEn: record.titleEn,
      kind: record.kind,
      supportPolicyId: record.supportPolicyId,
      notes: record.notes,
      notesZh: record.notesZh,
      citations: citationsOf(record.source),
    })),
  );

const makerRows = (records: readonly WorkRecord[], stated: Stated, target: TargetOf): Rows =>
  rowsOf(
    workMakers,
    records.flatMap(({ id, makerIds }) => {
      const withRole = (stated.get(id) ?? []).flatMap(({ type, enterpriseId }) => {
        const role = makerRole[type];
        return role ? { role, ...target(enterpriseId) } : [];
      });
      const others = makerIds.filter((makerId) => withRole.every(({ targetId }) => targetId !== makerId));
      return [...withRole, ...others.map((makerId) => ({ role: 'MAKER', ...target(makerId) }))].map(
        (maker, seq) => ({ workId: id, seq, ...maker }),
      );
    }),
  );

/** Returns the year of the first day, else the first year in the period. */
const yearOf = ({ startDate, periodZh }: EventRecord): number | null => {
  const year = (startDate ?? periodZh)?.match(/(?<!\d)\d{4}(?!\d)/)?.[0];
  return year ? Number(year) : null;
};

const wholeOf = ({ relations }: EventRecord): string | null =>
  relations.find(({ type }) => type === 'PART_OF')?.targetId ?? null;

/** Sorts an event before its parts, as the foreign key requires. */
function wholesFirst(records: readonly EventRecord[]): EventRecord[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  const ordered = new Set<EventRecord>();
  const add = (record: EventRecord, above: readonly EventRecord[] = []) => {
    const whole = byId.get(wholeOf(record) ?? '');
    if (whole && !above.includes(whole)) add(whole, [...above, record]);
    ordered.add(record);
  };
  for (const record of records) add(record);
  return [...ordered];
}

/** Returns each stated likeness in both directions, whichever of the two records states it. */
function likenesses(records: readonly EventRecord[]): { eventId: string; otherId: string }[] {
  const pairs = records.flatMap(({ id, relations }) =>
    relations
      .filter(({ type }) => type === 'POSSIBLY_SAME_AS')
      .flatMap(({ targetId }) => [
        { eventId: id, otherId: targetId },
        { eventId: targetId, otherId: id },
      ]),
  );
  return [...new Map(pairs.map((pair) => [`${pair.eventId} ${pair.otherId}`, pair])).values()];
}
