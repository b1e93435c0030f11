import '../support/random-seed.ts';
import type { AuditEvent } from '@wenshu/gateway/audit/record.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aLog } from '../support/audit.ts';
import { type Official, startHubWithRequests } from '../support/service-requests.ts';

// Several callers at once take random steps with the same requests, repeat some, and lose races. Afterwards the history of
// each request is one that the table allows, and every record of it agrees. WALKS says how many walks; the seed is fixed.

const { WALKS = '3' } = process.env;

const callers: readonly Official[] = [
  { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' },
  { department: 'PROPAGANDA', role: 'editor', sub: 'editor-2' },
  { department: 'PROPAGANDA', role: 'leader', sub: 'leader-1' },
  { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'handler-1' },
  { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-helper', sub: 'helper-1' },
];

const noteZh = '按规定办理。';
const ways: Readonly<Record<string, { readonly mutation: string; readonly more: object }>> = {
  ASSIGN: { mutation: 'assignServiceRequest', more: { agencyId: 'x-handler' } },
  REQUEST_CO_HANDLING: {
    mutation: 'requestCoHandling',
    more: { agencyIds: ['x-helper'], questionZh: '有无处罚记录?' },
  },
  RESOLVE: {
    mutation: 'resolveServiceRequest',
    more: { resolution: 'SOLVED', answerZh: '已办结。', noteZh },
  },
  REVISIT: { mutation: 'revisitServiceRequest', more: { isSatisfied: true } },
  SEND_BACK: { mutation: 'revisitServiceRequest', more: { isSatisfied: false, remarkZh: noteZh } },
};
const wayOf = (action: string) =>
  ways[action] ?? {
    mutation: 'advanceServiceRequest',
    more: { action, noteZh, ...(action === 'ESCALATE' && { escalation: 'MEETING' }) },
  };

const actions = serviceRequestTable.transitions
  .map(({ action }) => action)
  .filter((each) => each !== 'SUBMIT');
const step = fc.record({
  object: fc.nat(1),
  action: fc.constantFrom(...actions),
  /** How far the caller's view lags behind. */
  lag: fc.constantFrom(0, 0, 0, 1),
  repeats: fc.nat(1),
});
/** What each caller does, one step after the other; the callers go at once. */
const walk = fc.tuple(...callers.map(() => fc.array(step, { minLength: 4, maxLength: 10 })));

let events: AuditEvent[] = [];
const audit = aLog({
  append: async (event) => {
    events.push(event);
    return { sequence: events.length, hash: '' };
  },
  note: (event) => events.push(event) > 0,
});

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests({ audit });
});
afterAll(() => hub[Symbol.asyncDispose]());

type Done = { readonly id: string; readonly key: string; readonly action: string; readonly step: number };

let serial = 0;
const submit = async () =>
  (
    await hub.change(callers[0] as Official, 'submitServiceRequest', {
      enterpriseId: 'ent-pico',
      regionCode: '370212',
      kind: 'OTHER',
      titleZh: '一项诉求',
      textZh: '诉求的内容。',
      key: `walk-${serial++}`,
    })
  ).id;

/** Takes a step as a caller. Returns what was carried out; undefined if it was refused. */
async function take(
  who: Official,
  id: string,
  { action, lag, repeats }: { action: string; lag: number; repeats: number },
) {
  const { data } = await hub.hub
    .as(who)
    .ask('query ($id: ID!) { serviceRequest(id: $id) { version allowedActions } }', { id });
  const seen = data?.serviceRequest as { version: number; allowedActions: readonly string[] } | null;
  if (!seen) return undefined;
  // Mostly something that seems possible: other callers may be faster.
  const [likely = action] = seen.allowedActions.filter((each) => each !== 'DECLINE' && each !== 'WITHDRAW');
  const chosen = lag === 0 && !seen.allowedActions.includes(action) ? likely : action;
  const { mutation, more } = wayOf(chosen);
  const key = `walk-${serial++}`;
  const input = { id, version: seen.version - lag, key, ...more };
  const attempts = await Promise.all(
    Array.from({ length: repeats + 1 }, () => hub.change(who, mutation, input).catch(() => undefined)),
  );
  const [done, ...again] = attempts.filter((each) => each !== undefined);
  // The same key is carried out once, and answers the same each time.
  expect(attempts.filter((each) => each && !each.isReplay).length).toBe(done ? 1 : 0);
  expect(new Set([done, ...again].map((each) => each?.step)).size).toBe(1);
  return done && { id, key, action: chosen, step: done.step };
}

it('several callers at once leave a history that the table allows, with one effect, event and record for each step', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(walk, async (lanes) => {
      events = [];
      const ids = await Promise.all([submit(), submit()]);
      const done: Done[] = [];
      await Promise.all(
        lanes.map(async (steps, lane) => {
          for (const { object, ...each } of steps) {
            const one = await take(callers[lane] as Official, ids[object] as string, each);
            if (one) done.push(one);
          }
        }),
      );
      taken += done.length;
      for (const id of ids)
        await holdHistory(
          id,
          done.filter((each) => each.id === id),
        );
    }),
    { numRuns: Number(WALKS), endOnFailure: true },
  );
  expect(taken).toBeGreaterThan(4 * Number(WALKS));
}, 120_000);

async function holdHistory(id: string, done: readonly Done[]) {
  const steps = await hub.sql(
    `select s.seq, s.action, s.stage, k.key from policies.service_request_steps s
     left join policies.mutation_keys k on k.object_id = s.object_id and k.step = s.seq where s.object_id = '${id}' order by s.seq`,
  );
  const [submitted, ...taken] = steps;
  expect(submitted).toMatchObject({ seq: 0, action: 'SUBMIT', stage: 'COLLECTED' });
  // No step but those that were answered, each with its key, and none without a place.
  expect(taken.map(({ seq, key, action }) => ({ step: seq, key, action }))).toEqual(
    done.toSorted((a, b) => a.step - b.step).map(({ step: at, key, action }) => ({ step: at, key, action })),
  );
  expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, at) => at));
  let stage = 'COLLECTED';
  for (const each of taken) {
    const transition = serviceRequestTable.transitions.find(
      ({ action, from, to }) =>
        action === each.action && from.some((name) => name === stage) && (to ?? stage) === each.stage,
    );
    expect([stage, each.action, each.stage, transition !== undefined]).toEqual([
      stage,
      each.action,
      each.stage,
      true,
    ]);
    stage = String(each.stage);
  }
  // Versions without gaps, in the object and in its events.
  expect(await hub.eventsOf(id)).toEqual(steps.map((_, at) => at + 1));
  expect(await hub.sql(`select stage, version from policies.service_requests where id = '${id}'`)).toEqual([
    { stage, version: steps.length },
  ]);
  // No step without the record of its intent and of its outcome.
  for (const { key } of done) {
    const states = events.flatMap((event) =>
      event.kind === 'change' && event.details.key === key ? [event.details.state] : [],
    );
    expect(states).toContain('intended');
    expect(states).toContain('made');
  }
}
