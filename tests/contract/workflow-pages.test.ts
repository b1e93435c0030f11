import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blacklistTable } from '@wenshu/enterprises/workflows/blacklist-table.ts';
import { dualEffectTable } from '@wenshu/enterprises/workflows/dual-effect-table.ts';
import { findingTable } from '@wenshu/enterprises/workflows/finding-table.ts';
import { guidePriceTable } from '@wenshu/enterprises/workflows/guide-price-table.ts';
import { campaignTable } from '@wenshu/events/workflows/campaign-table.ts';
import { correctionTable } from '@wenshu/gateway/control/corrections/correction-table.ts';
import type { Actor, Transition, WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { ledgerTable } from '@wenshu/parks/workflows/ledger-table.ts';
import { activityTable } from '@wenshu/party/workflows/activity-table.ts';
import { brandPlanTable, brandTable } from '@wenshu/party/workflows/brand-tables.ts';
import { coverageTable } from '@wenshu/party/workflows/coverage-table.ts';
import { listingTable } from '@wenshu/policies/workflows/listing-table.ts';
import { matchingRunTable } from '@wenshu/policies/workflows/matching-run-table.ts';
import { claimTable, openCallTable } from '@wenshu/policies/workflows/open-call-table.ts';
import { paymentRuleTable } from '@wenshu/policies/workflows/payment-rule-table.ts';
import { payoutTable } from '@wenshu/policies/workflows/payout-table.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { starListTable } from '@wenshu/policies/workflows/star-list-table.ts';
import { departmentNames } from '@wenshu/schema/caller.ts';
import { expect, it } from 'vitest';
import { tableOf } from '../support/markdown-table.ts';

const marker =
  '<!-- Below: written by "npx vitest run contract/workflow-pages -u" in tests/; not to be edited. -->';

/** The workflows of each page. */
const pages: Readonly<Record<string, readonly WorkflowTable[]>> = {
  corrections: [correctionTable],
  'party-building': [coverageTable, activityTable, brandTable, brandPlanTable],
  'open-calls': [openCallTable],
  'open-call-claims': [claimTable],
  'project-ledgers': [ledgerTable],
  payouts: [payoutTable],
  'payment-rules': [paymentRuleTable],
  'matching-runs': [matchingRunTable],
  listings: [listingTable],
  blacklist: [blacklistTable],
  findings: [findingTable],
  'guide-prices': [guidePriceTable],
  'inspection-campaigns': [campaignTable],
  'dual-effect-assessments': [dualEffectTable],
  'star-lists': [starListTable],
  'service-requests': [serviceRequestTable],
};

it.each(Object.entries(pages))('docs/workflows/%s.md shows the tables', async (name, tables) => {
  const file = fileURLToPath(new URL(`../../docs/workflows/${name}.md`, import.meta.url));
  const [head = ''] = readFileSync(file, 'utf8').split(marker);
  const parts = tables.map((table) =>
    [
      ...(tables.length > 1 ? [`## ${table.typeZh}: ${table.type}`] : []),
      diagramOf(table),
      actionsOf(table),
    ].join('\n\n'),
  );
  await expect(`${head}${marker}\n\n${parts.join('\n\n')}\n`).toMatchFileSnapshot(file);
});

/** Draws the stages and the actions that lead from one to another. */
function diagramOf({ transitions }: WorkflowTable): string {
  const arrows = transitions.flatMap(({ action, from, to }) => {
    if (!to) return [];
    return from.length === 0
      ? [`[*] --> ${to}: ${action}`]
      : from.map((stage) => `${stage} --> ${to}: ${action}`);
  });
  return ['```mermaid', 'stateDiagram-v2', ...arrows.map((arrow) => `  ${arrow}`), '```'].join('\n');
}

const actionsOf = ({ transitions }: WorkflowTable) =>
  tableOf([
    ['Action', 'From → to', 'Who', 'Due after', 'Not by who did', 'Meaning'],
    ...transitions.map(rowOf),
  ]);

const rowOf = ({ action, from, to, by, workingDays, notBy = [], zh, en }: Transition) => [
  `\`${action}\``,
  `${from.join(', ')} → ${to ?? 'the same'}`.trim(),
  by.map(inWords).join('; '),
  workingDays === undefined
    ? 'as before'
    : workingDays === null
      ? 'nothing is due'
      : `${workingDays} working days`,
  notBy.map((each) => `\`${each}\``).join(', '),
  `${zh} ${en}`,
];

function inWords({ department, roles = [], as, key, ofAnyEnterprise, system }: Actor): string {
  if (system) return 'the hub itself';
  if (key) return `${ofAnyEnterprise ? 'any' : 'the'} enterprise's key with ${key}`;
  const who = as ? `the agency that is ${as}` : department ? departmentNames[department] : 'any department';
  return roles.length > 0 ? `${who}: ${roles.join(' or ')}` : who;
}
