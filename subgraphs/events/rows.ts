import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type {
  CampaignRow,
  campaignSteps,
  EventPolicyRow,
  EventRow,
  eventHosts,
  eventParticipants,
  eventSubjects,
  WorkRow,
  workMakers,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Event: EventRow;
  EventHost: typeof eventHosts.$inferSelect;
  EventParticipant: typeof eventParticipants.$inferSelect;
  EventPolicy: EventPolicyRow;
  EventSubject: typeof eventSubjects.$inferSelect;
  Work: WorkRow;
  WorkMaker: typeof workMakers.$inferSelect;
  InspectionCampaign: CampaignRow;
  InspectionCampaignPayload: Carried;
  CampaignStep: typeof campaignSteps.$inferSelect;
}
