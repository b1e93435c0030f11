import { campaignAgencies, campaignSteps, inspectionCampaigns } from '@wenshu/events/tables.ts';
import { type CampaignAction, campaignTable } from '@wenshu/events/workflows/campaign-table.ts';
import { courseOf } from '@wenshu/kit/workflow/course.ts';
import { agencyOf } from './agencies.ts';
import { campaignCount } from './campaigns.ts';
import { type City, ids, type Place, places } from './city.ts';
import { workingDaysAfter } from './courses.ts';
import { dateOf, dayNumber, today } from './days.ts';
import { eventRow } from './events.ts';
import { suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

/** Campaigns that are only planned: of one, the start is overdue. Days from today on which they start. */
const liveStarts = [10, 1, -3] as const;

export function campaignTables(city: City): GeneratedTable[] {
  const count = campaignCount(city) + liveStarts.length;
  return [
    generated(inspectionCampaigns, count, (i) => [campaignAt(city, i).row]),
    generated(campaignAgencies, count, (i) => campaignAt(city, i).agencies),
    generated(campaignSteps, count, (i) => campaignAt(city, i).steps),
  ];
}

/** Returns the days of a campaign, from the event that it became or from its plan. */
function daysOf(city: City, i: number) {
  const inDays = liveStarts[i - campaignCount(city)];
  if (inDays !== undefined) {
    const place = places[i % places.length] as Place;
    return {
      id: ids.campaign(i),
      place: place.code,
      start: today + inDays,
      end: today + inDays + 4,
      isHeld: false,
    };
  }
  const { id, regionCode, startDate, endDate } = eventRow(city, i);
  const start = dayNumber(startDate ?? dateOf(today));
  const end = endDate === null ? start : dayNumber(endDate);
  return { id, place: regionCode ?? '', start, end: Math.min(end, today), isHeld: true };
}

function campaignAt(city: City, i: number) {
  const { id, place, start, end, isHeld } = daysOf(city, i);
  const [leadId, otherId] = [agencyOf(place, 'CULTURE_TOURISM'), agencyOf(place, 'MARKET_REGULATION')];
  const act = (action: CampaignAction, day: number, agencyId = leadId, dueOn: number | null = null) => ({
    action,
    on: dateOf(Math.min(day, today)),
    agencyId,
    dueOn: dueOn === null ? null : dateOf(dueOn),
  });
  const planned = Math.min(start - 15, today - 5);
  const acts = [
    act('PLAN', planned, leadId, start),
    ...(isHeld
      ? [
          act('JOIN', start - 10, otherId),
          act('START', start, leadId, end),
          act('FINISH', end),
          act('PUBLISH', end + 7),
        ]
      : []),
  ];
  const { steps, stage, version, dueOn } = courseOf(campaignTable, acts, workingDaysAfter);
  const row: typeof inspectionCampaigns.$inferSelect = {
    id,
    nameZh: `文化市场联合检查${suffix.zh}`,
    nameEn: `Joint Inspection${suffix.en}`,
    purposeZh: '检查文化经营场所的许可与经营行为。',
    regionCode: place,
    leadId,
    startsOn: dateOf(start),
    endsOn: dateOf(Math.max(start, end)),
    startedOn: isHeld ? dateOf(start) : null,
    finishedOn: isHeld ? dateOf(end) : null,
    stage,
    dueOn,
    synthetic: true,
    updatedAt: `${steps.at(-1)?.on} 04:00:00+00`,
    version,
  };
  return {
    row,
    agencies: [
      { campaignId: id, agencyId: leadId, joinedOn: dateOf(planned) },
      { campaignId: id, agencyId: otherId, joinedOn: isHeld ? dateOf(start - 10) : null },
    ],
    steps: steps.map((step) => ({ objectId: id, ...step })),
  };
}
