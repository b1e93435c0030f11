import type { Caller } from '@wenshu/schema/caller.ts';
import type { Log } from '../lib/log.ts';
import type { ValuesOf } from '../lib/setting.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type CheckCost, createCheckCost, createPricing, type Pricing } from './check-cost.ts';
import { type CheckDocument, createCheckDocument } from './check-document.ts';
import type { DocumentMode } from './persisted-documents.ts';
import { createRateLimit, kindOfLimits, type RateLimit, type RateLimits } from './rate-limit.ts';
import { openRateCounters, type SharedStore } from './rate-store.ts';
import type { RegisteredDocuments } from './registered-documents.ts';
import type { settings } from './settings.ts';

/** Limits of requests that an operator sets. */
export type RequestLimitSettings = ValuesOf<typeof settings.requestLimits> & {
  /** Store in which several gateways count usage together. */
  readonly rateStore?: SharedStore | undefined;
};

/** Limits of one caller that differ from those of its kind. */
export type CallerLimits = Partial<RateLimits> & { readonly documentMode?: DocumentMode };

/** Parts of the request limits that depend on the caller. */
export type RequestLimitHooks = {
  /** Limits of this caller alone, as for a key. All other limits come from the settings. */
  readonly limitsOfCaller?: ((caller: Caller) => CallerLimits | undefined) | undefined;
  /** Whether a caller may query the schema and gets suggestions for misspelt names. Default: every caller may. */
  readonly mayIntrospect?: (context: GatewayContext) => boolean;
  /** Returns the documents that the operator has registered. */
  readonly registeredDocuments?: (() => RegisteredDocuments) | undefined;
};

export type RequestLimits = {
  /** Checks document, shape and introspection before Apollo Server. */
  readonly checkDocument: CheckDocument;
  readonly pricing: Pricing;
  /** Checks cost, rate limit and quota after validation. */
  readonly checkCost: CheckCost;
  /** Charges the cost of an event. */
  readonly charge: RateLimit;
  /** Checks the cost of an export. Exports are counted separately, so that they take nothing from other requests. */
  readonly checkExportCost: CheckCost;
  /** Charges the cost of a part of an export. */
  readonly chargeExport: RateLimit;
  readonly mayIntrospect: (context: GatewayContext) => boolean;
  /** Whether usage is counted in the shared store; undefined without one. */
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
  const pricing = createPricing(
    { listSize: assumedListSize, maxConditions: queryLimits.conditions },
    onSupergraph,
  );
  const rateLimitOptions = {
    limitsOf: (caller: Caller) => ({ ...rateLimits[kindOfLimits(caller)], ...limitsOfCaller(caller) }),
    counters,
    gateways,
  };
  const charge = createRateLimit(rateLimitOptions);
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
    pricing,
    checkCost: createCheckCost(queryLimits, charge),
    charge,
    checkExportCost: createCheckCost(queryLimits, chargeExport),
    chargeExport,
    mayIntrospect,
    get isStoreUp() {
      return counters.isStoreUp;
    },
    close: () => counters.close(),
  };
}
