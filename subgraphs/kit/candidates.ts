import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { SharedTables } from './tables.ts';

/** A condition of a policy, as the policies subgraph hands it over. */
export interface EligibilityCondition {
  readonly field: string;
  readonly op: string;
  readonly value: unknown;
}

/** What the conditions of this kind ask for, as in `enterprise.tier IN`. */
export const valuesAsked = (eligibility: readonly EligibilityCondition[], test: string): unknown[] =>
  eligibility.filter(({ field, op }) => `${field} ${op}` === test).map(({ value }) => value);

/**
 * What a register can check of a policy, as the key of a batch: sets of which one option
 * each must be had, and regions, in every one of which (or below it) a candidate must lie.
 * `'null'` for a policy of which it can check nothing: that all pass for want of a test
 * would be an invention.
 */
export function criteriaKey(
  optionSets: readonly unknown[],
  statedRegions: readonly unknown[],
  territory: string | undefined,
): string {
  if (optionSets.length + statedRegions.length === 0) return 'null';
  const regions = [...new Set(territory ? [...statedRegions, territory] : statedRegions)];
  return JSON.stringify({ optionSets, regions });
}

/** Whether a row meets the criteria of a key; `hasOneOf` says it of one set, a JSON list. */
export const meetsCriteria = (
  key: SQL,
  regionCode: PgColumn,
  { regionClosure }: SharedTables,
  hasOneOf: (options: SQL) => SQL,
): SQL => sql`${key} <> 'null'
    and (select count(*) from ${regionClosure}
         where ${regionClosure.code} = ${regionCode}
           and ${regionClosure.ancestor} in (select jsonb_array_elements_text(${key}::jsonb -> 'regions')))
        = jsonb_array_length(${key}::jsonb -> 'regions')
    and not exists (select 1 from jsonb_array_elements(${key}::jsonb -> 'optionSets') as accepted(options)
                    where not ${hasOneOf(sql`accepted.options`)})`;
