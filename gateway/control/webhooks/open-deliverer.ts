import type { AuditLog } from '../../audit/audit-log.ts';
import type { ValuesOf } from '../../lib/setting.ts';
import type { WakeOn } from '../../request/agency-events.ts';
import { workflowTypeOf } from '../across/workflow-lists.ts';
import type { Changes } from '../changes.ts';
import { agenciesWithEvents } from '../live/feed.ts';
import type { settings } from '../settings.ts';
import { type Deliverer, type DeliverOptions, deliverWebhooks } from './deliver.ts';
import { createSender, type SenderOptions } from './send.ts';

export type WebhookSettings = ValuesOf<typeof settings.webhooks>;

/** What differs from the settings. */
export type DeliveryOptions = Pick<SenderOptions, 'resolve'> & Partial<Pick<DeliverOptions, 'everyMs'>>;

type Parts = Pick<DeliverOptions, 'db' | 'ask' | 'findPartner' | 'secrets' | 'keptDays' | 'log'> & {
  readonly audit: AuditLog | undefined;
  readonly changes: Changes;
  readonly wakeOn: WakeOn;
  readonly settings: WebhookSettings;
};

/** Starts to deliver webhooks, with a sender of its own. Events wake it, and changes of webhooks on this gateway. */
export function openDeliverer(
  { audit, changes, wakeOn, settings: { hosts, timeoutMs, everyMs }, ...parts }: Parts,
  { resolve, ...given }: DeliveryOptions,
): Deliverer {
  const sender = createSender({ hosts, timeoutMs, resolve });
  const deliverer = deliverWebhooks({
    ...parts,
    sender,
    record: async (event) => audit?.append(event),
    timeoutMs,
    everyMs,
    ...given,
  });
  changes.observe((change) => {
    if (!change || change.table === 'webhooks') deliverer.wake();
  });
  const stops = agenciesWithEvents.map((agency) =>
    wakeOn(agency, (event) => deliverer.wake(event && workflowTypeOf(event.type))),
  );
  const close = async () => {
    for (const stop of stops) stop();
    await deliverer.close();
    await sender.close();
  };
  return { ...deliverer, close };
}
