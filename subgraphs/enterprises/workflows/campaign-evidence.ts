import type { Context } from '@wenshu/kit/context.ts';
import { HubError } from '@wenshu/schema/errors.ts';

/** What the agency of events says of a campaign. */
export type CampaignFacts = { readonly stage: string; readonly joinedIds: readonly string[] };

type Evidence = { readonly at: string; readonly data: unknown };

type Asked = {
  readonly inspectionCampaign?: {
    readonly stage: string;
    readonly joined?: readonly { readonly id: string }[] | null;
  } | null;
};

/** Returns what the gateway asked of other agencies for a mutation. */
const evidenceOf = (context: Context & { readonly evidence?: Evidence | undefined }): Evidence | undefined =>
  context.evidence;

/** Returns the stage of a campaign and the agencies that joined it. Throws EVIDENCE_MISSING if they were not asked for. */
export function campaignFacts(context: Context, campaignId: string): CampaignFacts {
  const campaign = (evidenceOf(context)?.data as Asked | undefined)?.inspectionCampaign;
  if (!campaign) {
    throw new HubError(
      'EVIDENCE_MISSING',
      `The stage of the campaign "${campaignId}" and the agencies that joined it, which the agency of events keeps, are missing.`,
      { messageZh: `缺少检查行动“${campaignId}”的环节及参加机构(由活动子图提供)。`, campaignId },
    );
  }
  return { stage: campaign.stage, joinedIds: (campaign.joined ?? []).map(({ id }) => id) };
}
