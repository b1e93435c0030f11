import type { Department } from '@wenshu/schema/caller.ts';
import type { Json } from '../lib/json.ts';
import { readPath } from './merged-data.ts';
import { type Field, isExempt, type State } from './writers.ts';

/**
 * Departments whose non-public data a row shows: `always` for each row, `ifShown` for rows where a field is not absent.
 */
export type DisclosedOwners = { readonly always: readonly Department[]; readonly ifShown: readonly Field[] };

/** Returns whose data the fields of a row show. `ledBy` is the department whose data led to the row. */
export function disclosedOwnersIn(fields: readonly Field[], ledBy: Department | undefined): DisclosedOwners {
  const always = fields.flatMap(({ disclosedOwner, absence }) => (absence ? [] : (disclosedOwner ?? [])));
  return {
    always: [...new Set(ledBy ? [ledBy, ...always] : always)],
    ifShown: fields.filter(({ disclosedOwner, absence }) => disclosedOwner && absence),
  };
}

/** Notes that the answer discloses the enterprise of a row, by the departments whose data show it. */
export function noteEnterprise(
  path: readonly string[],
  { always, ifShown }: DisclosedOwners,
  row: Json,
  { mergedData, disclosed }: State,
): void {
  if (!disclosed) return;
  const shown = ifShown.flatMap(({ disclosedOwner, absence }) =>
    disclosedOwner && absence && isExempt(absence, row, mergedData) ? [disclosedOwner] : [],
  );
  const owners = shown.length === 0 ? always : [...new Set([...always, ...shown])];
  if (owners.length === 0) return;
  const id = readPath(path, row, mergedData);
  if (typeof id === 'string') disclosed.add(id, owners);
}
