import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { ParkRow, ProjectRow, projectStages, projectSubjects, projectTargets } from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Park: ParkRow;
  Project: ProjectRow;
  ProjectStage: typeof projectStages.$inferSelect;
  ProjectSubject: typeof projectSubjects.$inferSelect;
  ProjectTarget: typeof projectTargets.$inferSelect;
}
