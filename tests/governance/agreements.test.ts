import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOf, today } from '@wenshu/kit/today.ts';
import { addWorkingDays, standardCalendar } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane } from '../support/control-plane.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase, refusalOf } from '../support/sql.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ graph: 'control plane', keys: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

const day = 24 * 3_600_000;
const inDays = (days: number) => dayOf(Date.now() + days * day);

const asker = { department: 'PROPAGANDA', role: 'editor' } as const;
const owner = { department: 'CULTURE_TOURISM', role: 'steward' } as const;
const stranger = { department: 'FINANCE', role: 'steward' } as const;

const input = (more: object = {}) => ({
  fields: ['Park.enterprises'],
  purpose: '园区党建覆盖',
  basis: '政务数据共享条例',
  endsOn: inDays(30),
  ...more,
});
const request =
  'mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { id state requester owner fields dueOn isExtended isOverdue } }';
type Requested = { id: string; dueOn: string };

async function requestOne(more: object = {}, of: TestHub = hub): Promise<Requested> {
  const { data } = await of.as(asker).ask(request, { input: input(more) });
  const [requested] = (data?.requestAgreement ?? []) as Requested[];
  if (!requested) throw new Error('Nothing was requested.');
  return requested;
}

const act = (name: string) =>
  `mutation ($id: ID!) { ${name}(id: $id${name === 'approveAgreement' ? '' : ', reason: "理由"'}) { id state dueOn deliverBy isExtended } }`;
const grantsOf = () => hub.control.agreements.activeFor('PROPAGANDA', Date.now());
const isGranted = (id: string) => grantsOf().some(({ agreementId }) => agreementId === id);

describe('a request', () => {
  it('becomes one agreement for each owner, with ten working days to answer', async () => {
    const { data } = await hub.as(asker).ask(request, {
      input: input({
        fields: ['Park.enterprises', 'Inspection.result', 'Enterprise.park', 'Park.enterprises'],
      }),
    });
    const common = {
      id: expect.stringMatching(/^agr-/),
      state: 'REQUESTED',
      requester: 'PROPAGANDA',
      dueOn: addWorkingDays(today(), 10, standardCalendar),
      isExtended: false,
      isOverdue: false,
    };
    expect(data?.requestAgreement).toEqual([
      { ...common, owner: 'CULTURE_TOURISM', fields: ['Park.enterprises', 'Enterprise.park'] },
      { ...common, owner: 'MARKET_REGULATION', fields: ['Inspection.result'] },
    ]);
  });

  it('has its day by the calendar', async () => {
    await using folder = await createDataFolder();
    const file = join(folder.path, 'calendar.json');
    const holidays = [1, 2, 3, 4, 5, 6, 7].map((days) => ({ day: inDays(days), isWorking: false }));
    await writeFile(file, JSON.stringify(holidays));
    await using withHolidays = await startHub({ graph: 'control plane', keys: { calendarFile: file } });
    const { dueOn } = await requestOne({}, withHolidays);
    expect(dueOn).toBe(addWorkingDays(inDays(7), 10, standardCalendar));
  });

  it.each([
    ['fields', { fields: [] }, 'Request 1 to 500 fields, not 0.'],
    [
      'fields.1',
      { fields: ['Park.enterprises', 'Park.nothing'] },
      'The data catalogue has no "Park.nothing". Write fields like Park.enterprises.',
    ],
    [
      'fields.0',
      { fields: ['PartyUnit.lifeCycle'] },
      '"PartyUnit.lifeCycle" belongs to your own department, so it needs no agreement.',
    ],
    [
      'fields.0',
      { fields: ['Park.floorArea'] },
      '"Park.floorArea" is shared with every department, so it needs no agreement.',
    ],
    ['purpose', { purpose: '' }, '"purpose" must not be empty.'],
    ['endsOn', { endsOn: '2020-01-01' }, '"endsOn" must be today or later, not 2020-01-01.'],
    ['regionCode', { regionCode: 'x' }, '"regionCode" must be a code like 110105, not "x".'],
  ])('is refused with unusable %s', async (argument, more, message) => {
    expect(await hub.as(asker).ask(request, { input: input(more) })).toEqual({
      data: { requestAgreement: null },
      errors: [
        {
          message,
          path: ['requestAgreement'],
          extensions: { code: 'BAD_USER_INPUT', argument: `input.${argument}`, subgraph: 'control' },
        },
      ],
    });
  });

  it('is for editors and stewards', async () => {
    expect(
      await hub.as({ department: 'PROPAGANDA', role: 'viewer' }).ask(request, { input: input() }),
    ).toEqual({
      errors: [
        {
          message: 'Only stewards and editors of a department may ask for requestAgreement.',
          extensions: {
            code: 'FORBIDDEN',
            coordinate: 'Mutation.requestAgreement',
            messageZh: 'requestAgreement 仅限部门的以下角色:steward、editor。',
          },
        },
      ],
    });
  });
});

describe('an approved agreement', () => {
  it('grants its fields at once, until its last day is over in Beijing, and not once it is revoked', async () => {
    const { id } = await requestOne({ regionCode: '110105', parkId: 'park-sunhe-52' });
    expect(isGranted(id)).toBe(false);
    const before = hub.control.agreements.version;
    expect(await hub.as(owner).ask(act('approveAgreement'), { id })).toMatchObject({
      data: {
        approveAgreement: { state: 'ACTIVE', deliverBy: addWorkingDays(today(), 20, standardCalendar) },
      },
    });
    await poll(() => isGranted(id) || undefined);
    expect(grantsOf().find(({ agreementId }) => agreementId === id)).toEqual({
      agreementId: id,
      fields: ['Park.enterprises'],
      region: '110105',
      park: 'park-sunhe-52',
      purpose: '园区党建覆盖',
      endsAt: Date.parse(`${inDays(31)}T00:00:00+08:00`),
    });
    expect(hub.control.agreements.activeFor('CULTURE_TOURISM', Date.now())).toEqual([]);
    expect(hub.control.agreements.version).toBeGreaterThan(before);

    const granted = hub.control.agreements.version;
    expect(await hub.as(owner).ask(act('revokeAgreement'), { id })).toMatchObject({
      data: { revokeAgreement: { state: 'REVOKED' } },
    });
    await poll(() => (isGranted(id) ? undefined : true));
    expect(hub.control.agreements.version).toBeGreaterThan(granted);
  });

  it('is in force at every gateway', async () => {
    const other = await openControlPlane(hub.database.urls.hub);
    try {
      const { id } = await requestOne();
      const knowsIt = () =>
        other.agreements.activeFor('PROPAGANDA', Date.now()).some(({ agreementId }) => agreementId === id);
      await hub.as(owner).ask(act('approveAgreement'), { id });
      await poll(() => knowsIt() || undefined);
      await hub.as(owner).ask(act('revokeAgreement'), { id });
      await poll(() => !knowsIt() || undefined);
    } finally {
      await other.close();
    }
  });

  it('expires by itself, and can be found as such', async () => {
    const { id } = await requestOne();
    await hub.as(owner).ask(act('approveAgreement'), { id });
    await poll(() => isGranted(id) || undefined);
    await askDatabase(
      hub.database.urls.hub,
      `update agreements set ends_on = '${inDays(-1)}', ends_at = '${today()}T00:00:00+08:00' where id = '${id}'`,
    );
    await poll(() => (isGranted(id) ? undefined : true));
    const filter = { id: { eq: id }, state: { eq: 'EXPIRED' } };
    const list = 'query ($filter: AgreementFilter) { agreements(filter: $filter) { nodes { id state } } }';
    expect(await hub.as(asker).ask(list, { filter })).toEqual({
      data: { agreements: { nodes: [{ id, state: 'EXPIRED' }] } },
    });
    expect(await hub.as(owner).ask(act('revokeAgreement'), { id })).toMatchObject({
      errors: [
        {
          message: `Agreement "${id}" is EXPIRED; this can be done only while it is ACTIVE.`,
          extensions: { code: 'CONFLICT', state: 'EXPIRED' },
        },
      ],
    });
  });

  it('is heard of again after the connection that listens was lost', async () => {
    const { id } = await requestOne();
    await hub.as(owner).ask(act('approveAgreement'), { id });
    await poll(() => isGranted(id) || undefined);
    await askDatabase(
      hub.database.adminUrl,
      `begin;
       select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%';
       alter table hub.agreements disable trigger agreements_changed;
       update hub.agreements set state = 'REVOKED' where id = '${id}';
       alter table hub.agreements enable trigger agreements_changed;
       commit`,
    );
    await poll(() => (isGranted(id) ? undefined : true));
  });
});

describe('the answer', () => {
  it('can wait ten working days longer, once', async () => {
    const { id, dueOn } = await requestOne();
    expect(await hub.as(owner).ask(act('extendAgreement'), { id })).toMatchObject({
      data: {
        extendAgreement: {
          state: 'REQUESTED',
          isExtended: true,
          dueOn: addWorkingDays(dueOn, 10, standardCalendar),
        },
      },
    });
    expect(await hub.as(owner).ask(act('extendAgreement'), { id })).toMatchObject({
      errors: [{ extensions: { code: 'CONFLICT' } }],
    });
  });

  it('is overdue once its day is past', async () => {
    const { id } = await requestOne();
    await askDatabase(
      hub.database.urls.hub,
      `update agreements set due_on = '${inDays(-1)}' where id = '${id}'`,
    );
    const filter = { isOverdue: { eq: true } };
    const list =
      'query ($filter: AgreementFilter) { agreements(filter: $filter) { nodes { id isOverdue } } }';
    expect(await hub.as(owner).ask(list, { filter })).toEqual({
      data: { agreements: { nodes: [{ id, isOverdue: true }] } },
    });
  });

  it.each(['extendAgreement', 'refuseAgreement'])('needs a reason for %s', async (name) => {
    const { id } = await requestOne();
    expect(await hub.as(owner).ask(act(name).replace('理由', ' '), { id })).toMatchObject({
      data: { [name]: null },
      errors: [{ extensions: { code: 'BAD_USER_INPUT', argument: 'reason' } }],
    });
  });

  it('is the owner’s steward’s alone', async () => {
    const { id } = await requestOne();
    const refusals = await Promise.all(
      [
        { department: 'CULTURE_TOURISM', role: 'editor' } as const,
        { department: 'PROPAGANDA', role: 'steward' } as const,
        stranger,
      ].map((caller) => hub.as(caller).ask(act('approveAgreement'), { id })),
    );
    expect(refusals.map(({ errors }) => errors?.map(({ message }) => message))).toEqual([
      ['Only stewards of a department may ask for approveAgreement.'],
      [`Only a steward of 文旅局 (CULTURE_TOURISM) may answer agreement "${id}".`],
      [`Agreement "${id}" does not exist.`],
    ]);
  });
});

describe('what happened', () => {
  it('is kept with who and when, and cannot be changed', async () => {
    const { id } = await requestOne();
    await hub.as(owner).ask(act('extendAgreement'), { id });
    await hub.as(owner).ask(act('refuseAgreement'), { id });
    const history =
      'query ($id: ID!) { agreement(id: $id) { state history { action department by reason at } } }';
    const at = expect.stringMatching(/^\d{4}-/);
    const byOwner = { department: 'CULTURE_TOURISM', by: 'culture_tourism-steward', reason: '理由', at };
    expect(await hub.as(asker).ask(history, { id })).toEqual({
      data: {
        agreement: {
          state: 'REFUSED',
          history: [
            { action: 'REQUEST', department: 'PROPAGANDA', by: 'propaganda-editor', reason: null, at },
            { ...byOwner, action: 'EXTEND' },
            { ...byOwner, action: 'REFUSE' },
          ],
        },
      },
    });
    for (const change of ["update agreement_events set by = 'x'", 'delete from agreement_events']) {
      expect(await refusalOf(hub.database.urls.hub, change)).toBe(
        'Rows of agreement_events are added, never changed or deleted.',
      );
    }
  });

  it('is not for departments that have no part in it', async () => {
    const { id } = await requestOne();
    const both = 'query ($id: ID!) { agreement(id: $id) { id } agreements { totalCount } }';
    expect(await hub.as(stranger).ask(both, { id })).toEqual({
      data: { agreement: null, agreements: { totalCount: 0 } },
    });
  });
});
