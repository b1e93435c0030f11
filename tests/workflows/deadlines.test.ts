import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDeadlines } from '@wenshu/gateway/control/deadlines.ts';
import { today } from '@wenshu/kit/today.ts';
import { addWorkingDays, standardCalendar } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableDatabase } from '../support/database.ts';
import { startHubWithRequests } from '../support/service-requests.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';
import type { Official } from '../support/workflow-hub.ts';

const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'leader-1' };
const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' };

describe('a file of deadlines', () => {
  let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
  beforeAll(async () => {
    hub = await startHubWithRequests({
      deadlines: {
        actions: {
          ServiceRequest: {
            SUBMIT: { kinds: { LICENSING: 1 } },
            ASSIGN: {
              days: 20,
              kinds: { LICENSING: 5 },
              regions: { '370200': { days: 8 }, '370212': { kinds: { TALENT: 3 } } },
            },
          },
        },
        terms: {
          ServiceRequest: {
            opinion: { regions: { '370200': { days: 3 } } },
            reopening: { days: 10, regions: { '370200': { days: 60 }, '370212': { days: 40 } } },
          },
          PartyActivity: { grace: { days: 40_000, regions: { '110105': { days: 1 } } } },
        },
      },
    });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const dueIn = (workingDays: number) => addWorkingDays(today(), workingDays, standardCalendar);
  const submit = (kind: string, regionCode: string) =>
    hub.change(editor, 'submitServiceRequest', {
      enterpriseId: 'ent-pico',
      regionCode,
      kind,
      titleZh: '诉求',
      textZh: '内容。',
    });
  const assign = async (kind: string, regionCode: string) => {
    const { id } = await submit(kind, regionCode);
    return hub.change(leader, 'assignServiceRequest', { id, version: 1, agencyId: 'x-handler' });
  };

  it.each([
    ['all', 'FINANCING', '110105', 20],
    ['a kind', 'LICENSING', '110105', 5],
    ['the region above', 'FINANCING', '370214', 8],
    ['the region above, before those of the kind', 'LICENSING', '370214', 8],
    ['a kind in the nearest region', 'TALENT', '370212', 3],
    ['all, where the nearest region has none', 'FINANCING', '370212', 20],
  ])('sets the due day by the days of %s', async (_of, kind, regionCode, days) => {
    expect((await assign(kind, regionCode)).dueOn).toBe(dueIn(days));
  });

  it('sets the first due day too, and leaves the rest to the table', async () => {
    expect((await submit('LICENSING', '110105')).dueOn).toBe(dueIn(1));
    expect((await submit('FINANCING', '110105')).dueOn).toBe(dueIn(2));
  });

  it.each([
    ['370212', 40],
    ['370214', 60],
    ['110105', 10],
  ])('sets the days in which a request of region %s may be reopened to %i', async (regionCode, days) => {
    const { id } = await submit('FINANCING', regionCode);
    const struckOff = (ago: number) =>
      hub.sql(`update policies.service_requests set stage = 'STRUCK_OFF', responsible_id = 'x-handler', due_on = null,
        submitted_on = '2020-01-01', closed_on = '${today()}'::date - ${ago} where id = '${id}'`);
    await struckOff(days);
    expect(await hub.allowed(editor, id)).toContain('REOPEN');
    await struckOff(days + 1);
    expect(await hub.allowed(editor, id)).not.toContain('REOPEN');
    const reopen = { id, version: 1, action: 'REOPEN', noteZh: '问题又出现。' };
    expect(await hub.refusal(editor, 'advanceServiceRequest', reopen)).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('sets the days for an opinion', async () => {
    const handler: Official = { department: 'FINANCE', role: 'editor', agency: 'x-handler' };
    for (const [regionCode, days] of [
      ['370214', 3],
      ['110105', 5],
    ] as const) {
      const { id } = await assign('FINANCING', regionCode);
      const asked = { id, version: 2, agencyIds: ['x-helper'], questionZh: '请提意见。' };
      await hub.change(handler, 'requestCoHandling', asked);
      const { data } = await hub.hub.as(editor).ask(`{ serviceRequest(id: "${id}") { opinions { dueOn } } }`);
      expect(data).toEqual({ serviceRequest: { opinions: [{ dueOn: dueIn(days) }] } });
    }
  });

  it('sets the days of grace after which a meeting of the Party is overdue', async () => {
    await hub.sql(`insert into party.party_units (id, name_zh, name_en, kind, region_code) values
        ('x-strict', '支部', 'Branch', 'BRANCH', '110105'), ('x-mild', '支部', 'Branch', 'BRANCH', '110106');
      insert into party.meeting_rules (unit_id, seq, kind, frequency) values
        ('x-strict', 0, 'THEME_PARTY_DAY', 'MONTHLY'), ('x-mild', 0, 'THEME_PARTY_DAY', 'MONTHLY');
      insert into party.party_activities (id, unit_id, meeting, held_on, topic_zh, region_code, stage)
        select 'x-act-' || id, id, 'PARTY_LECTURE', '2025-01-15', '主题', region_code, 'RECORDED' from party.party_units where id in ('x-strict', 'x-mild')`);
    const { data } = await hub.hub.as('PROPAGANDA').ask(`{
      strict: partyUnit(id: "x-strict") { lifeCycle { isOverdue } } mild: partyUnit(id: "x-mild") { lifeCycle { isOverdue } }
    }`);
    expect(data).toEqual({
      strict: { lifeCycle: [{ isOverdue: true }] },
      mild: { lifeCycle: [{ isOverdue: null }] },
    });
  });

  it('is the usual day that only a leader may exceed', async () => {
    const { id } = await submit('LICENSING', '110105');
    const late = { id, version: 1, agencyId: 'x-handler', dueOn: dueIn(6) };
    const { problems } = await hub.refusal(editor, 'assignServiceRequest', late);
    expect(problems).toMatchObject([{ path: 'input.dueOn', code: 'DATE' }]);
    expect(await hub.change(leader, 'assignServiceRequest', late)).toMatchObject({ dueOn: dueIn(6) });
  });
});

describe('a wrong file is refused', () => {
  const read = async (content: unknown) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'wenshu-test-'));
    const file = join(folder.path, 'deadlines.json');
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return await readDeadlines(file);
  };

  it('when it cannot be read, or is no JSON', async () => {
    await expect(readDeadlines('/nowhere/days.json')).rejects.toThrow(
      'The deadlines /nowhere/days.json cannot be read (ENOENT).',
    );
    await expect(read('{')).rejects.toThrow('must be like {"ServiceRequest": {"ASSIGN": {"days": 10}}}');
  });

  it.each([
    ['a type without a workflow', { ServiceReqest: { ASSIGN: { days: 1 } } }, 'ServiceReqest'],
    ['a number that is none', { ServiceRequest: { ASSIGN: { days: 0 } } }, 'ServiceRequest.ASSIGN.days'],
    ['a term of kinds', { terms: { ServiceRequest: { reopening: { kinds: { OTHER: 1 } } } } }, '"kinds"'],
    ['terms of a type without a workflow', { terms: { ServiceReqest: {} } }, 'ServiceReqest'],
    ['an unknown word', { ServiceRequest: { ASSIGN: { day: 1 } } }, '"day"'],
  ])('for %s', async (_of, content, named) => {
    await expect(read(content)).rejects.toThrow(named);
  });

  it('when the table has no such action or kind, all of them at once', async () => {
    const deadlines = await read({
      ServiceRequest: {
        ASIGN: { days: 1 },
        ESCALATE: { days: 1 },
        ASSIGN: { kinds: { FISHING: 2 }, regions: { '370212': { kinds: { HUNTING: 2 } } } },
      },
      terms: { ServiceRequest: { reopning: { days: 2 } } },
    });
    const open = () => createSubgraphOf.policies({ url: readableDatabase().urls.policies, deadlines });
    expect(open).toThrow(
      'The deadlines are wrong: ServiceRequest has no action ASIGN. ServiceRequest.ESCALATE sets no due day, so it has no days. ' +
        'ServiceRequest has no kind FISHING. ServiceRequest has no kind HUNTING. ServiceRequest has no term reopning.',
    );
  });
});
