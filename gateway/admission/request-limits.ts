import type { Caller } from '@wenshu/schema/caller.ts';
import type { Log } from '../lib/log.ts';
import { defaultsOf } from '../lib/setting.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type CheckCost, type CostOfOperation, createCheckCost, createCostOf } from './check-cost.ts';
import { type CheckDocument, createCheckDocument } from './check-document.ts';
import type { DocumentMode } from './persisted-documents.ts';
import { type QueryLimits, standardQueryLimits } from './query-limits.ts';
import {
  createRateLimit,
  kindOfLimits,
  type RateLimit,
  type RateLimits,
  type RateLimitsByKind,
  standardRateLimits,
} from './rate-limit.ts';
import { openRateCounters, type SharedStore } from './rate-store.ts';
import type { RegisteredDocuments } from './registered-documents.ts';
import { settings } from './settings.ts';

/** What is let in, as an operator sets it. */
export type RequestLimitSettings = {
  readonly queryLimits: QueryLimits;
  /** Items of a list whose length nothing tells, for the cost of a query. */
  readonly assumedListSize: number;
  readonly rateLimits: RateLimitsByKind;
  /** Where several gateways count together what callers ask for. */
  readonly rateStore: SharedStore | undefined;
  /** How many gateways share that store. */
  readonly gateways: number;
  readonly documentMode: DocumentMode;
};

const { assumedListSize, gateways, documentMode } = settings;

export const standardRequestLimits: RequestLimitSettings = {
  queryLimits: standardQueryLimits,
  rateLimits: standardRateLimits,
  rateStore: undefined,
  ...defaultsOf({ assumedListSize, gateways, documentMode }),
};

/** What a caller may that others of its kind may not, or the other way round. */
export type CallerLimits = Partial<RateLimits> & { readonly documentMode?: DocumentMode };

/** What is let in, as far as it depends on who asks. */
export type RequestLimitHooks = {
  /** What is set for this caller alone, as for a key; the rest is as the settings say. */
  readonly limitsOfCaller?: ((caller: Caller) => CallerLimits | undefined) | undefined;
  /** Whether a caller may ask for the schema, and is told what it may have meant. Default: everybody may. */
  readonly mayIntrospect?: (context: GatewayContext) => boolean;
  /** Documents that the operator has registered. */
  readonly registeredDocuments?: (() => RegisteredDocuments) | undefined;
};

export type RequestLimits = {
  /** Before Apollo Server: document, shape, introspection. */
  readonly checkDocument: CheckDocument;
  readonly costOf: CostOfOperation;
  /** After validation: cost, rate limit, quota. */
  readonly checkCost: CheckCost;
  /** The same for exports, which are counted apart, so that they take nothing from questions. */
  readonly checkExportCost: CheckCost;
  /** Takes the cost of a part of an export. */
  readonly chargeExport: RateLimit;
  readonly mayIntrospect: (context: GatewayContext) => boolean;
  /** Whether usage is counted in the shared store; undefined where there is none. */
  readonly isStoreUp: boolean | undefined;
  close(): Promise<void>;
};

export async function openRequestLimits(
  limits: RequestLimitSettings,
  hooks: RequestLimitHooks,
  onSupergraph: (listener: (supergraph: Supergraph) => void) => void,
  log: Log,
): Promise<RequestLimits> {
  const { queryLimits, assumedListSize, rateLimits, rateStore, gateways, documentMode } = limits;
  const { limitsOfCaller = () => undefined, mayIntrospect = () => true, registeredDocuments } = hooks;
  const counters = await openRateCounters(rateStore, log);
  const costOf = createCostOf(
    { listSize: assumedListSize, maxConditions: queryLimits.conditions },
    onSupergraph,
  );
  const rateLimitOptions = {
    limitsOf: (caller: Caller) => ({ ...rateLimits[kindOfLimits(caller)], ...limitsOfCaller(caller) }),
    counters,
    gateways,
  };
  const chargeExport = createRateLimit({ ...rateLimitOptions, countedAs: 'export ' });
  return {
    checkDocument: createCheckDocument({
      limits: queryLimits,
      documents: {
        registered: registeredDocuments,
        modeOf: ({ caller }) => (caller && limitsOfCaller(caller)?.documentMode) ?? documentMode,
      },
      mayIntrospect,
    }),
    costOf,
    checkCost: createCheckCost(queryLimits, createRateLimit(rateLimitOptions)),
    checkExportCost: createCheckCost(queryLimits, chargeExport),
    chargeExport,
    mayIntrospect,
    get isStoreUp() {
      return counters.isStoreUp;
    },
    close: () => counters.close(),
  };
}
