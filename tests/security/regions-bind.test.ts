import { dayOf } from '@wenshu/kit/today.ts';
import type { Department, Role } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Issued, steward } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';

// On 10c1293 a steward who was responsible for one region did all of this for any other, and was refused nothing.

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ keys: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000);
/** A district, the city that it lies in, and a district of another city. */
const [mine, above, elsewhere] = ['370212', '370200', '110105'];

const as = async (department: Department, role: Role, query: string, variables: object, region?: string) =>
  hub.as({ department, role, region }).ask(query, variables);

const request =
  'mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { id regionCode } }';
type Requested = { id: string; regionCode: string | null };

const requestAs = (region: string | undefined, more: object = {}, role: Role = 'editor') => {
  const input = {
    fields: ['Park.enterprises'],
    purpose: '园区党建覆盖',
    basis: '政务数据共享条例',
    endsOn: dayOf(inDays(30).getTime()),
    ...more,
  };
  return as('PROPAGANDA', role, request, { input }, region);
};
async function requested(more: object = {}, region?: string): Promise<Requested> {
  const { data } = await requestAs(region, more);
  const [agreement] = (data?.requestAgreement ?? []) as Requested[];
  if (!agreement) throw new Error('Nothing was requested.');
  return agreement;
}

const answerAs = (region: string | undefined, action: string, { id }: Requested) => {
  const reason = action === 'approve' ? '' : ', reason: "理由"';
  const query = `mutation ($id: ID!) { done: ${action}Agreement(id: $id${reason}) { state isExtended } }`;
  return as('CULTURE_TOURISM', 'steward', query, { id }, region);
};

const forbidden = (what: string, whatZh: string, region: string) => ({
  message: `${what} reaches beyond region ${region}, to which your token is limited. Ask a colleague whose region is larger.`,
  extensions: {
    code: 'FORBIDDEN',
    region,
    messageZh: `${whatZh}超出您的令牌所限地区 ${region}。请由本部门职责范围更大的人员办理。`,
  },
});

describe('a region binds who answers agreements', () => {
  test.each([
    ['another region', { regionCode: elsewhere }],
    ['a region above', { regionCode: above }],
    ['all regions', {}],
    ['one park, wherever that is', { parkId: 'park-sunhe-52' }],
  ])('limited to %s', async (_, limit) => {
    const agreement = await requested(limit);
    const refused = { errors: [forbidden(`Agreement "${agreement.id}"`, `协议“${agreement.id}”`, mine)] };
    for (const action of ['approve', 'refuse', 'extend']) {
      expect([action, await answerAs(mine, action, agreement)]).toMatchObject([action, refused]);
    }
    expect((await answerAs(undefined, 'approve', agreement)).errors).toBeUndefined();
    expect(await answerAs(mine, 'revoke', agreement)).toMatchObject(refused);
  });

  test('and not for what is limited to that region, or below it', async () => {
    for (const region of [mine, above]) {
      const agreement = await requested({ regionCode: mine });
      for (const action of ['extend', 'approve', 'revoke']) {
        expect((await answerAs(region, action, agreement)).errors).toBeUndefined();
      }
      const other = await requested({ regionCode: mine });
      expect((await answerAs(region, 'refuse', other)).errors).toBeUndefined();
    }
  });
});

describe('a region binds who asks for agreements', () => {
  test('whatever limit is asked for', async () => {
    const refused = { errors: [forbidden('What is asked for', '所申请的范围', mine)] };
    for (const role of ['editor', 'steward'] as const) {
      for (const regionCode of [elsewhere, above]) {
        expect(await requestAs(mine, { regionCode }, role)).toMatchObject(refused);
      }
    }
  });

  test('where no limit is asked for', async () => {
    expect((await requested({}, mine)).regionCode).toBe(mine);
    expect((await requested({ parkId: 'park-sunhe-52' }, mine)).regionCode).toBe(mine);
    expect((await requested({ regionCode: mine }, above)).regionCode).toBe(mine);
    expect((await requested()).regionCode).toBeNull();
  });

  test('and a limit that is no region is refused', async () => {
    expect(await requestAs(undefined, { regionCode: '110199' })).toMatchObject({
      errors: [
        {
          message: 'There is no region 110199.',
          extensions: { code: 'BAD_USER_INPUT', argument: 'input.regionCode' },
        },
      ],
    });
  });
});

describe('a region binds who makes, rotates and revokes keys', () => {
  const manage = (query: string, variables: object, region?: string) =>
    as('PROPAGANDA', 'steward', query, variables, region);
  const rotate = 'mutation ($id: ID!) { rotateApiKey(id: $id) { apiKey { id regions } } }';
  const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id, reason: "理由") { state } }';

  test.each([
    ['another region', { regions: [elsewhere] }],
    ['a region above', { regions: [above] }],
    ['his own and another', { regions: [mine, elsewhere] }],
    ['all', { regions: [] }],
  ])('of %s', async (_, terms) => {
    const { apiKey } = await hub.issue({ scopes: ['Park'], ...terms });
    const refused = { errors: [forbidden(`API key "${apiKey.id}"`, `密钥“${apiKey.id}”`, mine)] };
    for (const query of [rotate, revoke]) {
      expect(await manage(query, { id: apiKey.id }, mine)).toMatchObject(refused);
    }
    expect((await manage(revoke, { id: apiKey.id })).errors).toBeUndefined();
  });

  test('and not for keys of that region, or below it', async () => {
    const { apiKey } = await hub.issue({ scopes: ['Park'], regions: [mine] });
    const rotated = await manage(rotate, { id: apiKey.id }, mine);
    expect(rotated.data).toMatchObject({ rotateApiKey: { apiKey: { regions: [mine] } } });
    expect((await manage(revoke, { id: apiKey.id }, above)).errors).toBeUndefined();
  });

  test('and a region that does not exist is refused', async () => {
    await expect(hub.issue({ scopes: ['Park'], regions: ['110199'] })).rejects.toThrow(
      'There is no region 110199.',
    );
  });
});

describe('what is answered counts from then on', () => {
  const query = '{ park(id: "park-sunhe-52") { enterprises { totalCount } } }';
  const askFor = async (purpose: string) => {
    const headers = {
      ...(await hub.as('PROPAGANDA').headers()),
      'x-wenshu-purpose': encodeURIComponent(purpose),
    };
    const { data } = await hub.ask(query, {}, headers);
    return (data?.park as { enterprises: object | null } | undefined)?.enterprises === null
      ? 'closed'
      : 'open';
  };

  test('agreements: the next read sees what was approved, and nothing of what was revoked (10c1293: some reads late)', async () => {
    for (let i = 0; i < 20; i++) {
      const purpose = `第 ${i} 次`;
      const agreement = await requested({ purpose });
      expect(await askFor(purpose)).toBe('closed');
      await answerAs(undefined, 'approve', agreement);
      expect(await askFor(purpose)).toBe('open');
      await answerAs(undefined, 'revoke', agreement);
      expect(await askFor(purpose)).toBe('closed');
    }
  });

  test('keys: the next read by a key sees that it was made, replaced or revoked', async () => {
    const asKey = async ({ secret }: Issued) => {
      const { errors } = await hub.as({ secret }).ask('{ __typename }');
      return errors ? 'refused' : 'let in';
    };
    for (let i = 0; i < 10; i++) {
      const key = await hub.issue({ scopes: ['Park'] });
      expect(await asKey(key)).toBe('let in');
      const { data } = await hub
        .as(steward)
        .ask(`mutation { rotateApiKey(id: "${key.apiKey.id}", overlapHours: 0) { secret apiKey { id } } }`);
      const next = data?.rotateApiKey as Issued;
      expect([await asKey(key), await asKey(next)]).toEqual(['refused', 'let in']);
      await hub.as(steward).ask(`mutation { revokeApiKey(id: "${next.apiKey.id}", reason: "理由") { id } }`);
      expect(await asKey(next)).toBe('refused');
    }
  });
});
