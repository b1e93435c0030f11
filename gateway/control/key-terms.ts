import { today } from '@wenshu/kit/today.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { RateLimits } from '../admission/rate-limit.ts';
import { isNetwork } from '../http/client-address.ts';
import type { AgreementRules } from './agreements.ts';
import type { Catalogue } from './catalogue.ts';
import { momentOf } from './moment.ts';
import { refuseUnprintable } from './refuse-unprintable.ts';
import { refuseBeyond, refuseUnknownRegion } from './region-bounds.ts';
import type { CreateApiKeyInput } from './schema-types.ts';

/** The person who changes keys: department, user, and the region that limits them. */
export type Manager = { readonly department: Department; readonly user: string; readonly region?: string };

export type KeyRules = AgreementRules & {
  /** Maximum limits of a key; 0 means no maximum. */
  readonly ceilings: RateLimits;
};

/** Region code of the enterprise of a key; null or undefined when unknown. */
export type EnterpriseRegion = string | null | undefined;

/** Terms of a key: what a partner may do with it, and for how long. */
export type KeyTerms = CreateApiKeyInput;

const yearMs = 366 * 24 * 3_600_000;

/** Refuses a caller responsible for a region when a key, or its enterprise, reaches beyond that region. */
export function refuseKeyBeyond(
  manager: Manager,
  { regions, enterpriseId }: Pick<KeyTerms, 'regions' | 'enterpriseId'>,
  enterpriseRegion: EnterpriseRegion,
  { places }: Pick<KeyRules, 'places'>,
  words: Parameters<typeof refuseBeyond>[3],
): void {
  // A key without regions reads all of them.
  const extent = regions.length === 0 ? [null] : regions;
  refuseBeyond(manager, enterpriseId ? [...extent, enterpriseRegion] : extent, places, words);
}

/** Refuses regions that do not contain the enterprise of the key, because such a key would show nothing of it. */
export function refuseEnterpriseElsewhere(
  { regions, enterpriseId }: Pick<KeyTerms, 'regions' | 'enterpriseId'>,
  enterpriseRegion: EnterpriseRegion,
  { places }: Pick<KeyRules, 'places'>,
): void {
  // Undefined: the gateway cannot look the enterprise up for this caller.
  if (!enterpriseId || regions.length === 0 || enterpriseRegion === undefined) return;
  if (enterpriseRegion !== null && regions.some((region) => places.isWithin(enterpriseRegion, region))) {
    return;
  }
  const [where, whereZh] =
    enterpriseRegion === null
      ? ['has no region on record', '没有登记所在地区']
      : [`lies in region ${enterpriseRegion}`, `位于地区 ${enterpriseRegion}`];
  throw badInput(
    'input.regions',
    `Enterprise "${enterpriseId}" ${where}, outside of the regions of the key, so the key would show nothing of it. Add its region, or give no regions.`,
    `企业“${enterpriseId}”${whereZh},不在该密钥的地区之内,该密钥将看不到其数据。请加上其所在地区,或不限地区。`,
  );
}

const scopeForm = /^[A-Za-z]\w*(\.[A-Za-z]\w*)?$/;

export function refuseUnusable(
  terms: KeyTerms,
  { catalogue, places, ceilings }: Pick<KeyRules, 'catalogue' | 'places' | 'ceilings'>,
): void {
  for (const name of ['partner', 'contact'] as const) refuseUnprintable(`input.${name}`, terms[name]);
  for (const name of ['by', 'document'] as const) {
    if (terms.consent) refuseUnprintable(`input.consent.${name}`, terms.consent[name]);
  }
  if (terms.scopes.length === 0) {
    throw badInput(
      'input.scopes',
      'A key without scopes can read nothing. Give types or fields, for example Park.nameZh.',
      '没有范围的密钥什么也读不到。请给出类型或字段,如 Park.nameZh。',
    );
  }
  for (const [index, scope] of terms.scopes.entries()) {
    refuseUnusableScope(`input.scopes.${index}`, scope, catalogue());
  }
  for (const [index, region] of terms.regions.entries()) {
    refuseUnknownRegion(`input.regions.${index}`, region, places);
  }
  for (const [index, network] of terms.addresses.entries())
    refuseUnusableNetwork(network, `input.addresses.${index}`);
  refuseUnusableCosts(terms, ceilings);
  if (Boolean(terms.enterpriseId) !== Boolean(terms.consent)) {
    throw badInput(
      'input.consent',
      'A key for an enterprise needs the consent of the enterprise. Give both "enterpriseId" and "consent", or neither.',
      '企业密钥须经该企业同意。请同时给出“enterpriseId”与“consent”,或都不给出。',
    );
  }
  if (terms.actions.length > 0 && !terms.enterpriseId) {
    throw badInput(
      'input.actions',
      'A key carries out actions for an enterprise. Give its "enterpriseId", or no actions.',
      '密钥代企业办理事项:请给出该企业的“enterpriseId”,或不列事项。',
    );
  }
  if (terms.consent && terms.consent.on > today()) {
    throw badInput(
      'input.consent.on',
      `The day of a consent must be today or earlier, not ${terms.consent.on}.`,
      `同意的日期不得晚于今天,不能是 ${terms.consent.on}。`,
    );
  }
  refuseUnusableEnd(terms.expiresAt, 'input.expiresAt');
}

function refuseUnusableScope(argument: string, scope: string, catalogue: Catalogue) {
  if (!scopeForm.test(scope)) {
    throw badInput(
      argument,
      `A scope must be like Park or Park.nameZh, not "${scope}".`,
      `范围须形如 Park 或 Park.nameZh,不能是“${scope}”。`,
    );
  }
  if (!catalogue.isScope(scope)) {
    throw badInput(
      argument,
      `The data catalogue has no type or field "${scope}".`,
      `数据目录中没有类型或字段“${scope}”。`,
    );
  }
}

function refuseUnusableCosts(terms: KeyTerms, ceilings: RateLimits) {
  for (const name of ['costPerMinute', 'costPerDay'] as const) {
    const [limit, ceiling] = [terms[name], ceilings[name]];
    if (limit == null) continue;
    if (limit < 1) {
      const message = `"${name}" must be above 0, not ${limit}.`;
      throw badInput(`input.${name}`, message, `“${name}”须大于 0,不能是 ${limit}。`);
    }
    if (ceiling > 0 && limit > ceiling) {
      const message = `"${name}" must be at most ${ceiling} here, not ${limit}.`;
      throw badInput(`input.${name}`, message, `“${name}”至多为 ${ceiling},不能是 ${limit}。`);
    }
  }
}

function refuseUnusableNetwork(network: string, argument: string) {
  if (!isNetwork(network)) {
    throw badInput(
      argument,
      `A network must be like 203.0.113.0/24 or 2001:db8::/32, not "${network}".`,
      `网段须形如 203.0.113.0/24 或 2001:db8::/32,不能是“${network}”。`,
    );
  }
}

export function refuseUnusableEnd(expiresAt: string, argument: string): void {
  const left = momentOf(expiresAt) - Date.now();
  if (left > 0 && left <= yearMs) return;
  throw badInput(
    argument,
    `A key must expire within a year from now, not at ${expiresAt}.`,
    `密钥须在一年内到期,不能是 ${expiresAt}。`,
  );
}
