import type { Context } from '@wenshu/kit/context.ts';
import { evidenceOf } from '@wenshu/kit/workflow/evidence.ts';
import { notFound } from '@wenshu/schema/errors.ts';

/** What the agency of events says of a campaign. */
export type CampaignFacts = { readonly stage: string; readonly joinedIds: readonly string[] };

/** The answer to the evidence of `recordCampaignInspection`. */
type Asked = {
  readonly inspectionCampaign: {
    readonly stage: string;
    readonly joined: readonly { readonly id: string }[] | null;
  } | null;
};

const needed = ['InspectionCampaign.stage', 'InspectionCampaign.joined'];

/** Returns the stage of a campaign and the agencies that joined it. Throws EVIDENCE_MISSING, and NOT_FOUND. */
export function campaignFacts(context: Context, campaignId: string): CampaignFacts {
  const { inspectionCampaign } = evidenceOf(context, needed).data as Asked;
  if (!inspectionCampaign) throw notFound('InspectionCampaign', '联合检查行动', campaignId);
  const { stage, joined } = inspectionCampaign;
  return { stage, joinedIds: (joined ?? []).map(({ id }) => id) };
}
