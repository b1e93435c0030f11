import type { KeyRules } from '@wenshu/gateway/control/key-terms.ts';
import { departments, type KeyApproval } from '@wenshu/schema/caller.ts';

/** Keys of any type and field, that nobody has to approve. */
export const keyRules: KeyRules = {
  catalogue: () => ({
    items: [],
    itemOf: () => undefined,
    isScope: () => true,
    closedOfEnterprise: () => new Map(),
  }),
  places: () => ({ isRegion: () => undefined, isWithin: () => false }),
  ceilings: { costPerMinute: 0, costPerDay: 0 },
  limits: { answerDays: 10, extensionDays: 10, deliveryDays: 20 },
  calendar: new Map(),
};

/** What a key has that every department approved. */
export const approvedByAll: readonly KeyApproval[] = departments.map((department) => ({
  department,
  agreement: `agr-${department}`,
}));
