import { manyByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { page } from '@wenshu/kit/page.ts';
import type { Caller, DepartmentCaller, Role } from '@wenshu/schema/caller.ts';
import { badInput, HubError } from '@wenshu/schema/errors.ts';
import { scalars } from '@wenshu/schema/scalars.ts';
import { and, eq } from 'drizzle-orm';
import type { Places } from '../governance/places.ts';
import { callerOnRecord } from '../request/caller-on-record.ts';
import type { AskAgencies } from './across/ask-agencies.ts';
import { acrossAgencies } from './across/resolvers.ts';
import {
  approveAgreement,
  concerning,
  extendAgreement,
  isOverdue,
  refuseAgreement,
  requestAgreements,
  revokeAgreement,
  stateOf as stateOfAgreement,
} from './agreements.ts';
import { accessFields, recordFields, recordFilter } from './audit-fields.ts';
import type { AuditTrail } from './audit-trail.ts';
import { callerAs } from './caller-as.ts';
import { pageOfCatalogue } from './catalogue.ts';
import type { Change as Changed } from './changes.ts';
import {
  correctionFields,
  correctionMutations,
  correctionOr,
  correctionQueries,
  findCorrections,
} from './corrections/resolvers.ts';
import { enumLabels } from './enum-labels.ts';
import { metricFields, pageOfMetrics } from './indicator-metrics.ts';
import { notAsked, openedBy } from './key-approvals.ts';
import { stateOf as stateOfKey } from './key-state.ts';
import type { EnterpriseRegion, KeyRules } from './key-terms.ts';
import { createKey, revokeKey, rotateKey } from './keys.ts';
import type { Feed } from './live/feed.ts';
import { liveFields } from './live/resolvers.ts';
import type { Peppers } from './peppers.ts';
import { agreementList, approvalsOf, enterpriseOfKey, keyList, lastUsedAt, listUsage } from './queries.ts';
import {
  agreementChange,
  type Change,
  changeOnRecord,
  keyChange,
  keyMade,
  keyRevoked,
  type RecordChange,
} from './record-change.ts';
import type { Resolvers } from './schema-types.ts';
import { agreementEvents, agreements, apiKeys } from './tables.ts';
import { webhookFields, webhookMutations, webhookQueries } from './webhooks/resolvers.ts';
import type { WebhookRules } from './webhooks/webhooks.ts';

type Queries = Partial<Resolvers['Query']>;
type Mutations = Partial<Resolvers['Mutation']>;

export type ControlRules = KeyRules & {
  readonly places: Places;
  /** Applies changes on this gateway before their mutation is answered. */
  readonly settle: (changed: readonly Changed[]) => Promise<void>;
  readonly peppers: Peppers;
  readonly record: RecordChange;
  readonly trail: AuditTrail;
  readonly ask: AskAgencies;
  readonly webhooks: WebhookRules;
  /** Wakes subscriptions. */
  readonly feed: Feed;
};

export const sharedResolvers = {
  Date: scalars.Date,
  DateTime: scalars.DateTime,
  Decimal: scalars.Decimal,
  JSON: scalars.JSON,
};

/** Permissions are separate (三员分立): a steward manages, an auditor reads, an operator does neither. */
const managers = ['steward'] as const;
const readers = ['steward', 'auditor'] as const;
const requesters = ['steward', 'editor'] as const;

/** Makes a change, records it, and applies it on this gateway. */
type ChangeBy = <Made>(
  context: Context,
  allowed: readonly Role[],
  work: (db: Database, caller: DepartmentCaller) => Promise<Made>,
  inWords: (made: Made) => Change | readonly Change[],
) => Promise<Made>;

const changeBy =
  ({ record, settle }: Pick<ControlRules, 'record' | 'settle'>): ChangeBy =>
  async (context, allowed, work, inWords) => {
    const caller = callerAs(context, allowed);
    const party = { ...context.purposeOfUse, caller: callerOnRecord(caller) };
    const made = await changeOnRecord(context.db, record, party, (db) => work(db, caller), inWords);
    await settle([inWords(made)].flat().map(({ kind }) => ({ table: tableOf[kind] })));
    return made;
  };

export function createResolvers(rules: ControlRules): Resolvers {
  const { trail } = rules;
  const change = changeBy(rules);
  const { Query: across, ...fieldsAcross } = acrossAgencies(rules.ask, findCorrections);
  return {
    ...fieldsAcross,
    Query: {
      ...keyQueries,
      ...agreementQueries,
      ...correctionQueries,
      ...webhookQueries,
      ...catalogueQueries(rules.catalogue),
      ...auditQueries(trail),
      ...across,
    },
    Mutation: {
      ...keyMutations(change, rules),
      ...agreementMutations(change, rules),
      ...correctionMutations(rules),
      ...webhookMutations(rules),
    },
    Subscription: liveFields(rules),
    ...correctionFields,
    ...webhookFields,
    Change: { object: correctionOr },
    Task: { object: correctionOr },

    ApiKey: {
      state: async (key, _args, context) => stateOfKey(key, await approvalsOf(context, key)),
      approvals: (key, _args, context) => approvalsOf(context, key),
      notAsked: async (key, _args, context) =>
        notAsked(key, await approvalsOf(context, key), openedBy(key, rules.catalogue())),
      consent: ({ consentBy, consentOn, consentDocument }) =>
        consentBy && consentOn && consentDocument
          ? { by: consentBy, on: consentOn, document: consentDocument }
          : null,
      lastUsedAt: ({ id }, _args, context) => lastUsedAt(context, id),
    },

    Agreement: {
      state: stateOfAgreement,
      isOverdue: (agreement) => isOverdue(agreement),
      enterpriseId: ({ keyId }, _args, context) => keyId && enterpriseOfKey(context, keyId),
      history: ({ id }, _args, context) =>
        manyByKey(context, agreementEvents, agreementEvents.agreementId, id, agreementEvents.seq),
    },

    Enterprise: {
      accessLog: ({ id }, args, context) =>
        context
          .batch(`accesses ${args.first} ${args.after}`, trail.accesses(callerAbout(context, id), args))
          .load(id),
    },
    EnterpriseAccess: accessFields,
    IndicatorMetric: metricFields,
    AuditRecord: recordFields,
  };
}

const keyQueries = {
  apiKey: async (_root, { id }, context) => {
    const { department } = callerAs(context, readers);
    const [key] = await context.db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.id, id), eq(apiKeys.department, department)));
    return key ?? null;
  },
  apiKeys: (_root, args, context, info) => {
    const { department } = callerAs(context, readers);
    return page(context, keyList, args, info, eq(apiKeys.department, department));
  },
  keyUsage: async (_root, { key, from, to }, context) => {
    const { department } = callerAs(context, readers);
    const own = and(eq(apiKeys.id, key), eq(apiKeys.department, department));
    const [found] = await context.db.select({ id: apiKeys.id }).from(apiKeys).where(own);
    return found ? listUsage(context.db, key, from, to) : null;
  },
} satisfies Queries;

const agreementQueries = {
  agreement: async (_root, { id }, context) => {
    const { department } = callerAs(context);
    const [agreement] = await context.db
      .select()
      .from(agreements)
      .where(and(eq(agreements.id, id), concerning(department)));
    return agreement ?? null;
  },
  agreements: (_root, args, context, info) => {
    const { department } = callerAs(context);
    return page(context, agreementList, args, info, concerning(department));
  },
} satisfies Queries;

export const catalogueQueries = (catalogue: ControlRules['catalogue']) =>
  ({
    catalogue: (_root, args, { caller }) =>
      pageOfCatalogue(catalogue(), args, ({ open }) => open || caller?.kind === 'department'),
    enumLabels: (_root, { type }, { caller }) => enumLabels(catalogue(), type, caller?.kind !== 'department'),
    indicatorMetrics: (_root, args) => pageOfMetrics(args),
  }) satisfies Queries;

const auditQueries = (trail: AuditTrail) =>
  ({
    auditRecords: (_root, { filter, ...args }, context) =>
      trail.records(callerAs(context), recordFilter(filter), args),
  }) satisfies Queries;

const keyMutations = (change: ChangeBy, rules: ControlRules) =>
  ({
    createApiKey: async (_root, { input }, context) => {
      callerAs(context, managers);
      const region = input.enterpriseId ? await regionOfNew(rules.places, input.enterpriseId) : undefined;
      return change(
        context,
        managers,
        (db, caller) => createKey(db, rules.peppers, caller, input, rules, region),
        keyMade,
      );
    },
    rotateApiKey: async (_root, { id, ...ends }, context) => {
      const region = await regionForKey(context, id, rules.places);
      return change(
        context,
        managers,
        (db, caller) => rotateKey(db, rules.peppers, caller, id, ends, rules, region),
        ({ apiKey }) => keyChange('rotate', apiKey),
      );
    },
    revokeApiKey: async (_root, { id, reason }, context) => {
      const region = await regionForKey(context, id, rules.places);
      const { apiKey } = await change(
        context,
        managers,
        (db, caller) => revokeKey(db, caller, id, reason, rules, region),
        (revoked) => keyRevoked(revoked, reason),
      );
      return apiKey;
    },
  }) satisfies Mutations;

const agreementMutations = (change: ChangeBy, rules: ControlRules) =>
  ({
    requestAgreement: (_root, { input }, context) =>
      change(
        context,
        requesters,
        (db, caller) => requestAgreements(db, caller, input, rules),
        (requested) => requested.map((each) => agreementChange('request', each)),
      ),
    extendAgreement: (_root, { id, reason }, context) =>
      change(
        context,
        managers,
        (db, caller) => extendAgreement(db, caller, id, reason, rules),
        (agreement) => agreementChange('extend', agreement, reason),
      ),
    approveAgreement: (_root, { id }, context) =>
      change(
        context,
        managers,
        (db, caller) => approveAgreement(db, caller, id, rules),
        (agreement) => agreementChange('approve', agreement),
      ),
    refuseAgreement: (_root, { id, reason }, context) =>
      change(
        context,
        managers,
        (db, caller) => refuseAgreement(db, caller, id, reason, rules),
        (agreement) => agreementChange('refuse', agreement, reason),
      ),
    revokeAgreement: (_root, { id, reason }, context) =>
      change(
        context,
        managers,
        (db, caller) => revokeAgreement(db, caller, id, reason, rules),
        (agreement) => agreementChange('revoke', agreement, reason),
      ),
  }) satisfies Mutations;

/** Loads the region of a key's enterprise, if the caller is limited to a region. */
async function regionForKey(context: Context, id: string, places: Places): Promise<EnterpriseRegion> {
  const { department, region } = callerAs(context, managers);
  if (region === undefined) return undefined;
  const own = and(eq(apiKeys.id, id), eq(apiKeys.department, department));
  const [key] = await context.db.select({ enterpriseId: apiKeys.enterpriseId }).from(apiKeys).where(own);
  return key?.enterpriseId ? regionOf(places, key.enterpriseId) : undefined;
}

const tableOf = { key: 'api_keys', agreement: 'agreements', webhook: 'webhooks' } as const;

const regionOf = (places: Places, enterpriseId: string): Promise<EnterpriseRegion> =>
  places.regionOfEnterprise(enterpriseId).catch(() => {
    throw new HubError(
      'SUBGRAPH_UNAVAILABLE',
      `Enterprise "${enterpriseId}" cannot be looked up at the moment. Try again later.`,
      { messageZh: `暂时无法查询企业“${enterpriseId}”,请稍后再试。` },
    );
  });

async function regionOfNew(places: Places, enterpriseId: string): Promise<EnterpriseRegion> {
  const region = await regionOf(places, enterpriseId);
  if (region === undefined) {
    const message = `There is no enterprise "${enterpriseId}".`;
    throw badInput('input.enterpriseId', message, `没有标识为“${enterpriseId}”的企业。`);
  }
  return region;
}

/** Returns the caller if it may ask about an enterprise: a user of a department, or the enterprise's own partner. */
function callerAbout(context: Context, enterpriseId: string): Caller {
  const { caller } = context;
  if (caller?.kind !== 'partner') return callerAs(context);
  if (caller.enterpriseId === enterpriseId) return caller;
  throw new HubError(
    'FORBIDDEN',
    'Only departments may ask for this, and a partner with consent for its own enterprise.',
    { messageZh: '仅供各部门查询,以及经企业同意的合作方查询其自身企业。' },
  );
}
