import type { City } from './city.ts';
import { today } from './days.ts';

/** The first events are the campaigns of inspection, three in a hundred. */
export const campaignCount = ({ counts }: City): number => Math.floor(counts.events * 0.03);

/** The first day of a campaign. */
export const campaignStart = (city: City, campaign: number): number =>
  today - 3 - city.random('campaign', campaign).below(1092);

/** Each inspection is at an enterprise that no other is at, so that a first fault is a first one. */
export const inspectedEnterprise = ({ counts }: City, inspection: number): number =>
  Math.floor((inspection * counts.enterprises) / counts.inspections);

/** Of so many inspections in a row the first three or four are of one campaign: 3.4 on average. */
const inspectionsApart = 25;

export const firstInspectionOf = (campaign: number): number => campaign * inspectionsApart;

export function campaignOf(city: City, inspection: number): number | undefined {
  const campaign = Math.floor(inspection / inspectionsApart);
  const size = campaign % 5 < 2 ? 4 : 3;
  return campaign < campaignCount(city) && inspection % inspectionsApart < size ? campaign : undefined;
}
