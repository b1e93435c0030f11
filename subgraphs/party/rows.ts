import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { PartyBrandRow, PartyMechanismRow, PartyUnitRow } from './tables.ts';

/** The rows that stand for the objects of these types. */
export interface Rows extends SharedRows {
  PartyUnit: PartyUnitRow;
  PartyBrand: PartyBrandRow;
  PartyMechanism: PartyMechanismRow;
}
