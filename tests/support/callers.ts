import { createHash } from 'node:crypto';
import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import type { Department, PartnerCaller, Role } from '@wenshu/schema/caller.ts';
import { bearer, makeKey, sign, startIdentityProvider } from './identity-provider.ts';
import { approvedByAll } from './key-rules.ts';

/** Somebody of a department, as the token says. */
export type Official = {
  readonly department: Department;
  readonly role?: Role;
  readonly region?: string | undefined;
  readonly agency?: string;
  readonly sub?: string;
};

/** An API key as it was issued over the graph. */
export type Issued = { readonly secret: string; readonly apiKey: { readonly id: string } };

/**
 * Who asks: a viewer of a department, an official, the holder of an issued API key, or a partner with these terms, whose key needs no
 * control plane.
 */
export type Who = Department | Official | Pick<Issued, 'secret'> | Partial<PartnerCaller>;

/** The key that signs the tokens of all officials. */
export const signingKey = await makeKey('k1');

/** The steward who manages API keys. */
export const steward: Official = { department: 'PROPAGANDA', role: 'steward' };

export type Headers = Readonly<Record<string, string>>;

/** An identity provider for officials, and partners by their terms. */
export async function openCallers() {
  const provider = await startIdentityProvider(signingKey);
  const partners = new Map<string, PartnerCaller>();
  const access: AccessOptions = {
    departments: provider.options,
    others: [async ({ bearer: token }) => partners.get(token ?? '')],
  };

  const signed = new Map<string, Promise<string>>();
  const tokenOf = ({ department, role = 'viewer', ...more }: Official): Promise<string> => {
    const claims = { department, role, sub: `${department.toLowerCase()}-${role}`, ...more };
    const id = JSON.stringify(claims);
    const token = signed.get(id) ?? sign(signingKey, claims);
    signed.set(id, token);
    return token;
  };
  const tokenOfKey = (terms: Partial<PartnerCaller>): string => {
    // Terms with every type of the graph as scopes are longer than a header may be.
    const token = createHash('sha256').update(JSON.stringify(terms)).digest('base64url');
    partners.set(token, {
      kind: 'partner',
      keyId: token,
      partner: 'somebody',
      isTest: false,
      scopes: [],
      regions: [],
      ...(terms.enterpriseId !== undefined && { approvals: approvedByAll() }),
      ...terms,
    });
    return token;
  };
  return {
    access,
    /** Returns the headers that identify a caller. */
    async headersOf(who: Who): Promise<Headers> {
      if (typeof who === 'string') return bearer(await tokenOf({ department: who }));
      if ('secret' in who) return { 'x-api-key': who.secret };
      return bearer('department' in who ? await tokenOf(who) : tokenOfKey(who));
    },
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

/** Purpose of the requests under agreements, and of the agreements themselves, by default. */
export const purpose = '联合执法';

/** Agreements of each department that are in force. */
export type Agreed = Partial<Record<Department, readonly Partial<Grant>[]>>;

/** Keeps agreements without a control plane. */
export function openAgreements(agreed: Agreed) {
  const agreements = keepAgreements();
  const agree = (all: Agreed) =>
    agreements.replace(
      new Map(
        Object.entries(all).map(([department, each]) => [
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
  agree(agreed);
  return { agreements, agree };
}
