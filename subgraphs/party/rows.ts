import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type {
  mechanismSubjects,
  PartyBrandRow,
  PartyMechanismRow,
  PartyUnitRow,
  unitSubjects,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  PartyUnit: PartyUnitRow;
  PartyBrand: PartyBrandRow;
  PartyMechanism: PartyMechanismRow;
  PartyMechanismSubject: typeof mechanismSubjects.$inferSelect;
  PartyUnitSubject: typeof unitSubjects.$inferSelect;
}
