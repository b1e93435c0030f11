import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { CoverageStateRow } from './coverage-states.ts';
import type { RegionCounts, RegionCoverageRow } from './region-coverage.ts';
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
  PartyCoverage: CoverageStateRow;
  PartyCoverageRecord: CoverageStateRow;
  RegionPartyCoverage: RegionCoverageRow;
  RegionCoverageCounts: RegionCounts;
  PartyMechanismSubject: typeof mechanismSubjects.$inferSelect;
  PartyUnitSubject: typeof unitSubjects.$inferSelect;
}
