import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHubWithRequests } from '../support/service-requests.ts';
import { expectedActions, type Person, peopleOf } from '../support/workflow-cases.ts';

// Every stage × action × role × relation × region: what the hub says is allowed is what the table says. One request
// stands in each stage; each caller asks for all of them at once, and then tries every action.

const stages = stagesOf(serviceRequestTable);
const region = '370212';
/** The conditions that hold for the requests below. */
const conditions = ['mayAskExtension', 'mayObject', 'mayReturn'];

const people = peopleOf({
  departments: ['PROPAGANDA', 'CULTURE_TOURISM'],
  agencies: {
    'x-handler': ['responsible'],
    'x-helper': ['coHandler', 'silentCoHandler'],
    'x-publicity': ['submitter', 'commissioner'],
  },
  region,
  elsewhere: '110105',
});

const expectedFor = (person: Person, stage: string) =>
  expectedActions(serviceRequestTable, person, stage, conditions);

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
  const isClosed = (stage: string) => serviceRequestTable.closed.some((closed) => closed === stage);
  await hub.sql(
    stages
      .map(
        (stage) => `insert into policies.service_requests
          (id, enterprise_id, region_code, kind, title_zh, stage, submitted_on, closed_on, responsible_id, submitted_by_id, commissioner_id)
          values ('x-${stage}', 'ent-pico', '${region}', 'OTHER', '诉求', '${stage}', '2026-01-05',
            ${isClosed(stage) ? "'2026-02-02'" : 'null'}, 'x-handler', 'x-publicity', 'x-publicity');
        insert into policies.service_request_co_handlers (request_id, seq, agency_id) values ('x-${stage}', 0, 'x-helper');`,
      )
      .join('\n'),
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(people)(
  '$official.department $official.role, $official.agency, region $official.region',
  async (person) => {
    const shown = await hub.allowedOfAll(person.official);
    for (const [stage, allowed] of shown)
      expect([stage, allowed]).toEqual([stage, expectedFor(person, stage)]);
    // A caller who may see none of them is shown none, and may do nothing.
    if (shown.size > 0) expect([...shown.keys()].toSorted()).toEqual(stages.toSorted());
    else expect(stages.flatMap((stage) => expectedFor(person, stage))).toEqual([]);
  },
);

it('what is not allowed is refused when it is tried all the same', async () => {
  const attempts = people
    .filter(
      ({ official: { region: limit, role } }) =>
        !limit && ['viewer', 'editor', 'leader'].includes(role ?? ''),
    )
    .flatMap((person) =>
      stages.flatMap((stage) =>
        (['RETURN', 'STRIKE_OFF', 'ESCALATE', 'GIVE_OPINION'] as const)
          .filter((action) => !expectedFor(person, stage).includes(action))
          .map((action) => ({ person, stage, action })),
      ),
    )
    // Each is the same mutation again, so every fifth is enough here.
    .filter((_, at) => at % 5 === 0);
  expect(attempts.length).toBeGreaterThan(50);
  const codes = new Set<unknown>();
  for (const { person, stage, action } of attempts) {
    const input = { id: `x-${stage}`, version: 1, action, noteZh: '理由充分。', escalation: 'MEETING' };
    codes.add((await hub.refusal(person.official, 'advanceServiceRequest', input)).code);
  }
  expect([...codes].toSorted()).toEqual(['FORBIDDEN', 'NOT_FOUND', 'WRONG_STAGE']);
});
