import { closedStages, serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { type Role, roles } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Official, startHubWithRequests } from '../support/service-requests.ts';

// Every stage × action × role × relation × region: what the hub says is allowed is what the table says. One request
// stands in each stage; each caller asks for all of them at once, and then tries every action.

const { transitions } = serviceRequestTable;
const stages = [...new Set(transitions.flatMap(({ from, to }) => [...from, ...(to ? [to] : [])]))];
const region = '370212';

const relations = {
  none: undefined,
  responsible: 'x-handler',
  coHandler: 'x-helper',
  submitter: 'x-publicity',
} as const;

type Relation = keyof typeof relations;

type Person = { readonly official: Official; readonly relation: Relation; readonly isInRegion: boolean };

const people: readonly Person[] = (['PROPAGANDA', 'CULTURE_TOURISM'] as const).flatMap((department) =>
  roles.flatMap((role) =>
    (Object.keys(relations) as Relation[]).flatMap((relation) =>
      [undefined, region, '110105'].map((limit) => ({
        official: {
          department,
          role,
          sub: `${department}-${role}-${relation}-${limit}`,
          ...(relations[relation] && { agency: relations[relation] }),
          ...(limit && { region: limit }),
        },
        relation,
        isInRegion: limit !== '110105',
      })),
    ),
  ),
);

/** The actions of the table for a person and a stage, said once more in the words of the table. */
const expectedFor = ({ official, relation, isInRegion }: Person, stage: string) =>
  transitions
    .filter(
      ({ from, by }) =>
        from.some((each) => each === stage) &&
        isInRegion &&
        by.some(
          ({ department, roles: allowed, as, key }) =>
            key === undefined &&
            (department ?? official.department) === official.department &&
            (allowed?.includes(official.role as Role) ?? true) &&
            (as ?? relation) === relation,
        ),
    )
    .map(({ action }) => action);

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
  const isClosed = (stage: string) => closedStages.some((closed) => closed === stage);
  await hub.sql(
    stages
      .map(
        (stage) => `insert into policies.service_requests
          (id, enterprise_id, region_code, kind, title_zh, stage, submitted_on, closed_on, responsible_id, submitted_by_id)
          values ('x-${stage}', 'ent-pico', '${region}', 'OTHER', '诉求', '${stage}', '2026-01-05',
            ${isClosed(stage) ? "'2026-02-02'" : 'null'}, 'x-handler', 'x-publicity');
        insert into policies.service_request_co_handlers (request_id, seq, agency_id) values ('x-${stage}', 0, 'x-helper');`,
      )
      .join('\n'),
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(people)('$official.department $official.role, $relation, region $official.region', async (person) => {
  const shown = await hub.allowedOfAll(person.official);
  for (const [stage, allowed] of shown) expect([stage, allowed]).toEqual([stage, expectedFor(person, stage)]);
  // A caller who may see none of them is shown none, and may do nothing.
  if (shown.size > 0) expect([...shown.keys()].toSorted()).toEqual(stages.toSorted());
  else expect(stages.flatMap((stage) => expectedFor(person, stage))).toEqual([]);
});

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
