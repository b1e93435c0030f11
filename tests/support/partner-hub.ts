import { createClientAddress } from '@wenshu/gateway/http/client-address.ts';
import type { Department, Role } from '@wenshu/schema/caller.ts';
import { bearer } from './guarded-hub.ts';
import { type Answer, type HubOptions, startHub, type TestHub } from './hub.ts';
import { makeKey, sign, startIdentityProvider } from './identity-provider.ts';

export const signingKey = await makeKey('k1');

export type Issued = { readonly secret: string; readonly apiKey: { readonly id: string } };

export interface PartnerHub extends AsyncDisposable {
  readonly hub: TestHub;
  /** The headers of somebody of a department. */
  as(department: Department, role?: Role, region?: string): Promise<Record<string, string>>;
  /** A key that a steward of propaganda makes over the graph. */
  issue(terms: object): Promise<Issued>;
  /** Lets each department approve a key for an enterprise, as far as it was asked. */
  approve(key: Issued): Promise<void>;
  /** Asks as that steward. */
  manage(query: string, variables?: object): Promise<Answer>;
}

/** The whole hub with departments and keys; proxies are trusted where they are named. */
export async function startPartnerHub(
  options: HubOptions & { readonly trustedProxies?: readonly string[] } = {},
): Promise<PartnerHub> {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(signingKey));
  const { trustedProxies = [], guard, ...rest } = options;
  const hub = opening.use(
    await startHub({
      ...rest,
      hasKeys: true,
      guard: {
        ...guard,
        access: { departments: provider.options },
        clientAddressOf: createClientAddress(trustedProxies),
      },
    }),
  );
  const opened = opening.move();
  const as = async (department: Department, role: Role = 'viewer', region?: string) =>
    bearer(await sign(signingKey, { department, role, region }));
  const manage = async (query: string, variables: object = {}) =>
    hub.ask(query, variables, await as('PROPAGANDA', 'steward'));
  return {
    hub,
    as,
    manage,
    async approve({ apiKey: { id } }) {
      const { data } = await manage('query ($id: ID!) { apiKey(id: $id) { approvals { id owner } } }', {
        id,
      });
      const key = data?.apiKey as { approvals: { id: string; owner: Department }[] } | undefined;
      for (const { id, owner } of key?.approvals ?? []) {
        const mutation = 'mutation ($id: ID!) { approveAgreement(id: $id) { state } }';
        const { errors } = await hub.ask(mutation, { id }, await as(owner, 'steward'));
        if (errors) throw new Error(JSON.stringify(errors));
      }
    },
    async issue(terms) {
      const expiresAt = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString();
      const { data, errors } = await manage(
        'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }',
        { input: { partner: '文创数据公司', contact: 'zhang@example.com', expiresAt, ...terms } },
      );
      if (!data?.createApiKey) throw new Error(JSON.stringify(errors));
      return data.createApiKey as Issued;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
