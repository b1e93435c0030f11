import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Actor, Transition, WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { departmentNames } from '@wenshu/schema/caller.ts';
import { expect, it } from 'vitest';
import { tableOf } from '../support/markdown-table.ts';
import { workflowTables } from '../support/workflow-tables.ts';

const marker =
  '<!-- Below: written by "npx vitest run contract/workflow-pages -u" in tests/; not to be edited. -->';

it.each(Object.entries(workflowTables))('docs/workflows/%s.md shows the tables', async (name, tables) => {
  const file = fileURLToPath(new URL(`../../docs/workflows/${name}.md`, import.meta.url));
  const [head = ''] = readFileSync(file, 'utf8').split(marker);
  const parts = tables.map((table) =>
    [
      ...(tables.length > 1 ? [`## ${table.typeZh}: ${table.type}`] : []),
      diagramOf(table),
      actionsOf(table),
      ...(table.terms ? [termsOf(table.terms)] : []),
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

const termsOf = (terms: NonNullable<WorkflowTable['terms']>) =>
  tableOf([
    ['Term', 'Length', 'Meaning'],
    ...Object.entries(terms).map(([name, { days, isWorkingDays, zh, en }]) => [
      `\`${name}\``,
      `${days} ${isWorkingDays ? 'working days' : 'days'}`,
      `${zh} ${en}`,
    ]),
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
