import { manyByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { type PageArgs, page } from '@wenshu/kit/page.ts';
import type { DepartmentCaller, Role } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { scalars } from '@wenshu/schema/scalars.ts';
import { and, eq } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import {
  type AgreementRequest,
  type AgreementRules,
  approveAgreement,
  concerning,
  extendAgreement,
  isOverdue,
  refuseAgreement,
  requestAgreements,
  revokeAgreement,
  stateOf as stateOfAgreement,
} from './agreements.ts';
import { createKey, type KeyTerms, revokeKey, rotateKey, stateOf as stateOfKey } from './keys.ts';
import type { Peppers } from './peppers.ts';
import { agreementList, keyList, lastUsedAt, listUsage } from './queries.ts';
import { type AgreementRow, type ApiKeyRow, agreementEvents, agreements, apiKeys } from './tables.ts';

type Info = GraphQLResolveInfo;
type Key = { id: string };
type WithReason = Key & { reason: string };

export type HubRules = AgreementRules & { readonly peppers: Peppers };

export const sharedResolvers = { Date: scalars.Date, DateTime: scalars.DateTime };

export const createResolvers = ({ peppers, ...rules }: HubRules) => ({
  Query: {
    apiKey: async (_root: unknown, { id }: Key, context: Context) => {
      const { department } = callerAs(context, 'steward');
      const [key] = await context.db
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.id, id), eq(apiKeys.department, department)));
      return key ?? null;
    },
    apiKeys: (_root: unknown, args: PageArgs, context: Context, info: Info) => {
      const { department } = callerAs(context, 'steward');
      return page(context, keyList, args, info, eq(apiKeys.department, department));
    },
    keyUsage: async (
      _root: unknown,
      { key, from, to }: { key: string; from: string; to: string },
      context: Context,
    ) => {
      const { department } = callerAs(context, 'steward');
      const own = and(eq(apiKeys.id, key), eq(apiKeys.department, department));
      const [found] = await context.db.select({ id: apiKeys.id }).from(apiKeys).where(own);
      return found ? listUsage(context.db, key, from, to) : null;
    },
    agreement: async (_root: unknown, { id }: Key, context: Context) => {
      const { department } = callerAs(context);
      const [agreement] = await context.db
        .select()
        .from(agreements)
        .where(and(eq(agreements.id, id), concerning(department)));
      return agreement ?? null;
    },
    agreements: (_root: unknown, args: PageArgs, context: Context, info: Info) => {
      const { department } = callerAs(context);
      return page(context, agreementList, args, info, concerning(department));
    },
  },

  Mutation: {
    createApiKey: (_root: unknown, { input }: { input: KeyTerms }, context: Context) =>
      createKey(context.db, peppers, callerAs(context, 'steward'), input),
    rotateApiKey: (
      _root: unknown,
      { id, ...ends }: Key & { overlapHours: number; expiresAt?: string | null },
      context: Context,
    ) => rotateKey(context.db, peppers, callerAs(context, 'steward'), id, ends),
    revokeApiKey: (_root: unknown, { id, reason }: WithReason, context: Context) =>
      revokeKey(context.db, callerAs(context, 'steward'), id, reason),
    requestAgreement: (_root: unknown, { input }: { input: AgreementRequest }, context: Context) =>
      requestAgreements(context.db, callerAs(context, 'steward', 'editor'), input, rules),
    extendAgreement: (_root: unknown, { id, reason }: WithReason, context: Context) =>
      extendAgreement(context.db, callerAs(context, 'steward'), id, reason, rules),
    approveAgreement: (_root: unknown, { id }: Key, context: Context) =>
      approveAgreement(context.db, callerAs(context, 'steward'), id, rules),
    refuseAgreement: (_root: unknown, { id, reason }: WithReason, context: Context) =>
      refuseAgreement(context.db, callerAs(context, 'steward'), id, reason),
    revokeAgreement: (_root: unknown, { id, reason }: WithReason, context: Context) =>
      revokeAgreement(context.db, callerAs(context, 'steward'), id, reason),
  },

  ApiKey: {
    state: stateOfKey,
    consent: ({ consentBy, consentOn, consentDocument }: ApiKeyRow) =>
      consentBy && { by: consentBy, on: consentOn, document: consentDocument },
    lastUsedAt: ({ id }: Key, _args: unknown, context: Context) => lastUsedAt(context, id),
  },

  Agreement: {
    state: stateOfAgreement,
    isOverdue: (agreement: AgreementRow) => isOverdue(agreement),
    history: ({ id }: Key, _args: unknown, context: Context) =>
      manyByKey(context, agreementEvents, agreementEvents.agreementId, id, agreementEvents.seq),
  },
});

const roleNames: Partial<Record<Role, string>> = { steward: 'stewards', editor: 'editors' };

/** Who asks, where it is somebody of a department, in one of these roles if any are given. */
function callerAs({ caller }: Context, ...allowed: readonly Role[]): DepartmentCaller {
  if (!caller) throw new HubError('UNAUTHENTICATED', 'This is for departments only. Send a token of yours.');
  if (caller.kind !== 'department') throw new HubError('FORBIDDEN', 'This is for departments only.');
  if (allowed.length > 0 && !allowed.includes(caller.role)) {
    const who = allowed.map((role) => roleNames[role]).join(' and ');
    throw new HubError(
      'FORBIDDEN',
      `This is for ${who} of a department only, not for the role ${caller.role}.`,
    );
  }
  return caller;
}
