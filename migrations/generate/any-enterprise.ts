import { type City, ids, type Place } from './city.ts';
import type { Random } from './random.ts';

/** Returns a random enterprise and its place. */
export function anyEnterprise(city: City, random: Random): { enterpriseId: string; place: Place } {
  const enterprise = random.below(city.counts.enterprises);
  return { enterpriseId: ids.enterprise(enterprise), place: city.placeIn(city.quarterOf(enterprise)) };
}
