import type { City } from './city.ts';
import { today } from './days.ts';

/** Number of inspection campaigns: the first three percent of events. */
export const campaignCount = ({ counts }: City): number => Math.floor(counts.events * 0.03);

/** Returns the first day of a campaign. */
export const campaignStart = (city: City, campaign: number): number =>
  today - 3 - city.random('campaign', campaign).below(1092);

/** Returns the enterprise of an inspection. No enterprise is inspected twice, so a first fault is really the first. */
export const inspectedEnterprise = ({ counts }: City, inspection: number): number =>
  Math.floor((inspection * counts.enterprises) / counts.inspections);

/** Number of consecutive inspections of which the first three or four belong to one campaign: 3.4 on average. */
const inspectionsApart = 25;

export const firstInspectionOf = (campaign: number): number => campaign * inspectionsApart;

export function campaignOf(city: City, inspection: number): number | undefined {
  const campaign = Math.floor(inspection / inspectionsApart);
  const size = campaign % 5 < 2 ? 4 : 3;
  return campaign < campaignCount(city) && inspection % inspectionsApart < size ? campaign : undefined;
}
