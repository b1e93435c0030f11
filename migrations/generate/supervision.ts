import { assessmentTables } from './assessments.ts';
import type { City } from './city.ts';
import { enforcementTables } from './enforcement.ts';
import { inspectionTables } from './inspections.ts';
import type { GeneratedTable } from './table.ts';

export function supervisionTables(city: City): GeneratedTable[] {
  return [...inspectionTables(city), ...enforcementTables(city), ...assessmentTables(city)];
}
