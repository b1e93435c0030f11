import { readFileSync } from 'node:fs';
import { openCatalogue } from '@wenshu/gateway/control/catalogue.ts';
import { openedBy } from '@wenshu/gateway/control/key-approvals.ts';
import type { KeyRules } from '@wenshu/gateway/control/key-terms.ts';
import { type KeyApproval, keyActions } from '@wenshu/schema/caller.ts';

/** Keys of any type and field, that nobody has to approve. */
export const keyRules: KeyRules = {
  catalogue: () => ({
    items: [],
    itemOf: () => undefined,
    enumType: () => undefined,
    isScope: () => true,
    closedOfEnterprise: () => new Map(),
    changesBy: () => new Map(),
    sharedByAgreement: () => [],
  }),
  places: { isRegion: () => undefined, isWithin: (region, container) => region === container },
  ceilings: { costPerMinute: 0, costPerDay: 0 },
  limits: { answerDays: 10, extensionDays: 10, deliveryDays: 20 },
  calendar: new Map(),
};

let approved: readonly KeyApproval[] | undefined;

/** Returns the approvals of a key that every department approved, for the current graph. */
export function approvedByAll(): readonly KeyApproval[] {
  if (approved) return approved;
  const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const terms = { enterpriseId: 'any', actions: keyActions };
  approved = [...openedBy(terms, openCatalogue(sdl))].map(([department, fields]) => ({
    department,
    agreement: `agr-${department}`,
    fields,
  }));
  return approved;
}
