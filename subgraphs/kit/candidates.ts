import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { SharedTables } from './tables.ts';

/** A condition of a policy, in the form that the policies subgraph sends. */
export interface EligibilityCondition {
  readonly field: string;
  readonly op: string;
  readonly value: unknown;
}

/** Returns the values that the conditions of this kind require, as in `enterprise.tier IN`. */
export const valuesAsked = (eligibility: readonly EligibilityCondition[], test: string): unknown[] =>
  eligibility.filter(({ field, op }) => `${field} ${op}` === test).map(({ value }) => value);

/**
 * Returns the criteria of a policy that a register can check, as the key of a batch: sets from which a candidate must have one option
 * each, and regions in all of which (or below which) it must lie. Returns `'null'` if the register can check none: without a test no
 * candidate passes.
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

/** Returns the condition that a row meets the criteria of a key; `hasOneOf` is the condition for one set, a JSON list. */
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
