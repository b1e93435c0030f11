/**
 * The stages that a ledger records, from the first to the last: those of `ProjectStageKind` that follow one another in
 * every project. The other words of documents stay with the documents.
 */
export const courseStages = [
  'PLANNED',
  'LISTED',
  'SIGNED',
  'FEASIBILITY_PASSED',
  'LAND',
  'APPROVED',
  'STARTED',
  'UNDER_CONSTRUCTION',
  'TOPPED_OUT',
  'COMPLETED',
  'IN_USE',
] as const;
export type CourseStage = (typeof courseStages)[number];

/** The position of a stage in the course; -1 for a project that has reached none, or for another word. */
export const rankOf = (stage: string | null): number =>
  (courseStages as readonly (string | null)[]).indexOf(stage);

/** Whether the project is done with this stage. */
export const isFinal = (stage: string): boolean => rankOf(stage) >= courseStages.indexOf('COMPLETED');

/** Returns the stages up to and including one. */
export const stagesUpTo = (stage: string): readonly CourseStage[] => courseStages.slice(0, rankOf(stage) + 1);
