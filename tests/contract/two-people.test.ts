import type { Transition } from '@wenshu/kit/workflow/table.ts';
import { describe, expect, it } from 'vitest';
import { workflowTables } from '../support/workflow-tables.ts';

/** The actions on money, penalties, blacklists and publication that decide: each needs a second person. */
const decisions = {
  money: [
    'PaymentRule.APPROVE',
    'PaymentRule.REFUSE',
    'PaymentRule.END',
    'Payout.DISMISS_OBJECTION',
    'Payout.UPHOLD_OBJECTION',
    'Payout.APPROVE',
    'Payout.PAY',
    'Payout.AUDIT',
    'Payout.DROP_CLAW_BACK',
    'Payout.CLAW_BACK',
    'OpenCall.SELECT',
    'OpenCall.REJECT_ALL',
    'OpenCall.ACCEPT',
    'OpenCall.FAIL',
    'OpenCall.PAY_REWARD',
  ],
  penalties: [
    'Finding.FILE',
    'Finding.DISMISS',
    'Finding.EXEMPT',
    'Finding.PENALISE',
    'ProjectLedger.NOTICE',
    'ProjectLedger.PROPOSE_DISCIPLINE',
  ],
  blacklists: [
    'BlacklistEntry.LIST',
    'BlacklistEntry.DROP',
    'BlacklistEntry.PUBLISH',
    'BlacklistEntry.RESTORE',
  ],
  publication: [
    'Finding.PUBLISH',
    'Finding.WITHDRAW',
    'Finding.RESTORE',
    'InspectionCampaign.PUBLISH',
    'GuidePrice.WITHDRAW',
    'ProjectLedger.PUBLISH_QUARTER',
    'StarList.PUBLISH',
    'StarList.REMOVE_ENTRY',
    'DualEffectAssessment.APPROVE',
    'DualEffectAssessment.DECIDE_APPEAL',
    'PartyBrand.AWARD',
  ],
};

/** Actions with the name of a decision that need no second person, and why. */
const others: Readonly<Record<string, string>> = {
  'Finding.SET_ASIDE': 'A published penalty is set aside by an editor, and withdrawn by a leader.',
  'Payout.PUBLICISE':
    'The editor publicises what the leader then approves, by a rule that a leader approved.',
  'Payout.VETO': 'Stops a payout. Nothing is paid by it.',
  'OpenCall.PUBLISH': 'Calls for claims. The leader who selects one is not who published.',
  'PartyBrand.DROP': 'Ends a nomination that was never published.',
  'Correction.REFUSE': 'The requester may dispute it, and a leader of the government settles that.',
  'Correction.ACCEPT': 'The owner says which version mends the record. Nothing is decided by it.',
};

const named =
  /^(APPROVE|REFUSE|ACCEPT|PAY|CLAW|PENALISE|EXEMPT|LIST$|DROP$|RESTORE|PUBLI|SET_ASIDE|VETO$|AWARD)/;
const all = Object.values(workflowTables)
  .flat()
  .flatMap(({ type, transitions }) =>
    transitions.map((each) => ({ ...each, name: `${type}.${each.action}` })),
  );
const bySystem = ({ by }: Transition) => by.every(({ system }) => system === true);

describe.each(Object.entries(decisions))('decisions on %s', (_kind, names) => {
  it.each(names)('%s is not by who handled the object', (name) => {
    const transitions = all.filter((each) => each.name === name);
    const table = name.split('.')[0];
    expect(transitions.length).toBeGreaterThan(0);
    for (const each of transitions) {
      expect(each.notBy?.length ?? 0).toBeGreaterThan(0);
      // A misspelt action would keep nobody away.
      for (const action of each.notBy ?? [])
        expect(all.map(({ name: known }) => known)).toContain(`${table}.${action}`);
    }
  });
});

it('lists each action that decides, or says why it needs no second person', () => {
  const listed = new Set([...Object.values(decisions).flat(), ...Object.keys(others)]);
  const unlisted = all
    .filter((each) => named.test(each.action) && !bySystem(each) && !listed.has(each.name))
    .map(({ name }) => name);
  expect(unlisted).toEqual([]);
});
