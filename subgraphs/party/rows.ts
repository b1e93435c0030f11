import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { StepRow } from '@wenshu/kit/workflow/tables.ts';
import type { CoverageStateRow } from './coverage-states.ts';
import type { BuildingSummary, MeetingRuleRow } from './party-life.ts';
import type { RegionCounts, RegionCoverageRow } from './region-coverage.ts';
import type {
  BrandPlanRow,
  CoverageStatementRow,
  mechanismSubjects,
  PartyActivityRow,
  PartyBrandRow,
  PartyMechanismRow,
  PartyUnitRow,
  unitSubjects,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  MeetingRule: MeetingRuleRow;
  PartyActivity: PartyActivityRow;
  PartyBrandPlan: BrandPlanRow;
  PartyBuildingSummary: BuildingSummary;
  PartyCoverageCase: CoverageStatementRow;
  PartyActivityStep: StepRow;
  PartyBrandPlanStep: StepRow;
  PartyBrandStep: StepRow;
  PartyCoverageStep: StepRow;
  PartyActivityPayload: Carried;
  PartyBrandPayload: Carried;
  PartyBrandPlanPayload: Carried;
  PartyCoverageCasePayload: Carried;
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
