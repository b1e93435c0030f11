import type { GatewayOptions } from '@wenshu/gateway/gateway.ts';
import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import type { Department, PartnerCaller, Role } from '@wenshu/schema/caller.ts';
import { bearer } from './guarded-hub.ts';
import { type HubOptions, startHub } from './hub.ts';
import { makeKey, sign, startIdentityProvider } from './identity-provider.ts';
import { approvedByAll } from './key-rules.ts';
import { poll } from './poll.ts';

const key = await makeKey('k1');

/** Purpose of the departments' requests and of agreements, by default. */
export const purpose = '联合执法';

/** The department that asks, with the region that its token says. */
export type Asker =
  | Department
  | { readonly department: Department; readonly region?: string; readonly sub?: string };

type SharedOptions = Pick<HubOptions, 'admission' | 'audit' | 'ownRows' | 'prepare' | 'way' | 'onCall'> & {
  readonly mayExplain?: GatewayOptions['mayExplain'];
};

/** The whole hub with access control, where these agreements are in force. */
export async function startShared(
  grants: Partial<Record<Department, readonly Partial<Grant>[]>> = {},
  { mayExplain, ...options }: SharedOptions = {},
) {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(key));
  const agreements = keepAgreements();
  const agree = (agreed: typeof grants) =>
    agreements.replace(
      new Map(
        Object.entries(agreed).map(([department, each]) => [
          department as Department,
          each.map(
            (grant, i): Grant => ({
              agreementId: `${department}-${i}-${JSON.stringify(grant)}`,
              fields: [],
              purpose,
              endsAt: Date.now() + 3_600_000,
              ...grant,
            }),
          ),
        ]),
      ),
    );
  agree(grants);
  const partners = new Map<string, PartnerCaller>();
  const access = {
    departments: provider.options,
    others: [async ({ bearer: token }: { bearer: string | undefined }) => partners.get(token ?? '')],
  };
  const hub = opening.use(
    await startHub({ ...options, guard: { access, agreements, ...(mayExplain && { mayExplain }) } }),
  );
  // The gateway reads the regions when it starts, which is not to be counted by tests.
  await poll(() => hub.calls.enterprises > 0 || undefined);
  const opened = opening.move();
  const stated = { 'x-wenshu-purpose': encodeURIComponent(purpose) };
  const tokenOf = async (asker: Asker, role: Role = 'viewer') => {
    const claims = typeof asker === 'string' ? { department: asker } : asker;
    return bearer(await sign(key, { ...claims, role }));
  };
  const keyOf = (partner: Partial<PartnerCaller>) => {
    const token = JSON.stringify(partner);
    partners.set(token, {
      kind: 'partner',
      keyId: token,
      partner: 'somebody',
      isTest: false,
      scopes: [],
      regions: [],
      ...(partner.enterpriseId !== undefined && { approvals: approvedByAll() }),
      ...partner,
    });
    return bearer(token);
  };
  return {
    hub,
    agree,
    async ask(
      asker: Asker,
      query: string,
      variables: object = {},
      headers: Readonly<Record<string, string>> = stated,
    ) {
      return hub.ask(query, variables, { ...(await tokenOf(asker)), ...headers });
    },
    /** Asks with the key of a partner. */
    askAsPartner: (partner: Partial<PartnerCaller>, query: string, variables: object = {}) =>
      hub.ask(query, variables, keyOf(partner)),
    /** Returns the headers that identify a department or a partner, with its purpose. */
    headersOf: async (asker: Asker, role?: Role) => ({ ...(await tokenOf(asker, role)), ...stated }),
    headersOfPartner: keyOf,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
