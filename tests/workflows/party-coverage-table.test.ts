import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { coverageTable } from '@wenshu/party/workflows/coverage-table.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectedActions, peopleOf } from '../support/workflow-cases.ts';
import { startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

// Every stage × action × role × region: what the hub says is allowed is what the table says.

const stages = stagesOf(coverageTable);
const region = '370212';
const people = peopleOf({
  departments: ['PROPAGANDA', 'SOCIAL_WORK', 'CULTURE_TOURISM'],
  agencies: {},
  region,
  elsewhere: '110105',
});

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'partyCoverageCase',
    list: 'partyCoverageCases',
    selection: '',
    rows: stages
      .map(
        (stage) => `insert into party.coverage_statements (target_type, target_id, region_code, stage)
          values ('Park', 'x-${stage}', '${region}', '${stage}')`,
      )
      .join(';'),
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(people)('$official.department $official.role, region $official.region', async (person) => {
  const shown = await hub.allowedOfAll(person.official);
  for (const [stage, allowed] of shown)
    expect([stage, allowed]).toEqual([stage, expectedActions(coverageTable, person, stage, [])]);
  // Who needs an agreement to read the cases sees none without it.
  if (person.official.department === 'PROPAGANDA' && person.isInRegion && isReader(person.official.role))
    expect([...shown.keys()].toSorted()).toEqual(stages.toSorted());
});

const isReader = (role: string | undefined) => ['viewer', 'editor', 'analyst', 'leader'].includes(role ?? '');
