import { statusOf } from '@wenshu/schema/errors.ts';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Reply } from '../http/reply.ts';
import type { SubgraphFailure } from '../request/errors.ts';
import type { CallListener, Outcome, RequestFacts } from '../request/record.ts';
import type { GuardedSubgraph, SubgraphStatus } from '../upstream/subgraph.ts';
import { Durations } from './durations.ts';

/** Values that are measured when the page is requested. */
export type MetricSources = {
  readonly requestsInFlight: () => number;
  readonly operationsKept: () => number;
  readonly subgraphs: () => ReadonlyMap<string, GuardedSubgraph>;
  /** Whether gateways count rate limits together now; undefined without a shared store. */
  readonly isRateStoreUp: () => boolean | undefined;
  /** Free disk space of the audit log; undefined without one. */
  readonly auditSpace: () => number | undefined;
  readonly rules: () => readonly RuleFigures[];
  readonly webhooks: () => WebhookFigures | undefined;
};

/** Deliveries of webhooks since the start of the process, and webhooks that it disabled. */
export type WebhookFigures = {
  readonly delivered: number;
  readonly failed: number;
  readonly disabled: number;
};

/** How a rule of the hub is doing: events since the start of the process, and attempts in a row that failed. */
export type RuleFigures = {
  readonly rule: string;
  readonly done: number;
  readonly refused: number;
  readonly failing: number;
};

export type Metrics = CallListener & {
  requestEnded(facts: RequestFacts, outcome: Outcome): void;
  onRetry(subgraph: string, failure: SubgraphFailure): void;
  /** Adds sources to the page. Call it once. */
  watch(sources: MetricSources): void;
  /** Returns the Prometheus page. */
  page(): Promise<Reply>;
};

/**
 * Creates the metrics of one gateway, in its own registry, because several gateways can live in one process. Values
 * that every request changes are plain numbers, and become metrics when the page is requested (bench case `small`). The first
 * `operationsNamed` operations are counted by name; all others as `other`.
 */
export function createMetrics(operationsNamed: number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const labelOf = createOperationLabels(operationsNamed);
  const counted: Counted = { outcomes: new Map(), plans: { hit: 0, miss: 0 } };
  countOnPage(registers, counted);

  const requestDurations = new Durations(
    'wenshu_request_duration_seconds',
    'operation',
    'Time from a GraphQL request to its answer.',
  );
  const requestErrors = new Counter({
    name: 'wenshu_request_errors_total',
    help: 'GraphQL requests that had an error of this code.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const callDurations = new Durations(
    'wenshu_subgraph_request_duration_seconds',
    'subgraph',
    'Time of a call to a subgraph, with its retries.',
  );
  const callErrors = new Counter({
    name: 'wenshu_subgraph_errors_total',
    help: 'Calls to a subgraph without an answer, by reason; errors: the answer had errors.',
    labelNames: ['subgraph', 'failure'],
    registers,
  });
  const callRetries = new Counter({
    name: 'wenshu_subgraph_retries_total',
    help: 'Calls to a subgraph that were sent again, by reason.',
    labelNames: ['subgraph', 'failure'],
    registers,
  });

  return {
    requestEnded({ operation, startedAt, endedAt = startedAt, planning, errorCodes }, outcome) {
      const label = operation ? labelOf(operation.name) : 'none';
      let counts = counted.outcomes.get(label);
      if (!counts) {
        counts = { ok: 0, partial: 0, failed: 0, refused: 0, abandoned: 0 };
        counted.outcomes.set(label, counts);
      }
      counts[outcome] += 1;
      if (outcome !== 'abandoned') requestDurations.observe(label, (endedAt - startedAt) / 1_000);
      for (const code of errorCodes) requestErrors.inc({ operation: label, code: knownCode(code) });
      if (planning?.plan) counted.plans[planning.wasKept ? 'hit' : 'miss'] += 1;
    },
    callEnded({ subgraph, startedAt, endedAt = startedAt, failure }) {
      if (failure === 'abandoned') return;
      callDurations.observe(subgraph, (endedAt - startedAt) / 1_000);
      if (failure) callErrors.inc({ subgraph, failure });
    },
    onRetry(subgraph, { kind }) {
      callRetries.inc({ subgraph, failure: kind });
    },
    watch: (sources) => watchSources(registers, sources),
    async page() {
      const [ofGateway, ofProcess] = await Promise.all([registry.metrics(), processRegistry().metrics()]);
      const body = [requestDurations.text(), callDurations.text(), ofGateway, ofProcess].join('\n');
      return { status: 200, headers: { 'content-type': registry.contentType }, body };
    },
  };
}

/** Requests and plans, counted in plain numbers. */
type Counted = {
  readonly outcomes: Map<string, Record<Outcome, number>>;
  readonly plans: { hit: number; miss: number };
};

/** Adds counters that take their values when the page is requested. */
function countOnPage(registers: Registry[], { outcomes, plans }: Counted): void {
  new Counter({
    name: 'wenshu_requests_total',
    help: 'GraphQL requests that ended, by outcome: ok, partial, failed, refused, abandoned.',
    labelNames: ['operation', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const [operation, counts] of outcomes) {
        for (const [outcome, count] of Object.entries(counts)) this.inc({ operation, outcome }, count);
      }
    },
  });
  new Counter({
    name: 'wenshu_plans_total',
    help: 'Operations that ran with a kept plan (hit) or a new plan (miss).',
    labelNames: ['cache'],
    registers,
    collect() {
      this.reset();
      for (const [cache, count] of Object.entries(plans)) this.inc({ cache }, count);
    },
  });
}

/** Adds gauges of a gateway's state. */
function watchSources(registers: Registry[], sources: MetricSources): void {
  const { requestsInFlight, operationsKept, subgraphs, isRateStoreUp, auditSpace } = sources;
  new Gauge({
    name: 'wenshu_requests_in_flight',
    help: 'GraphQL requests that wait for their answer.',
    registers,
    collect() {
      this.set(requestsInFlight());
    },
  });

  new Gauge({
    name: 'wenshu_plans_kept',
    help: 'Operations that are kept with their plan.',
    registers,
    collect() {
      this.set(operationsKept());
    },
  });

  new Gauge({
    name: 'wenshu_rate_limit_store_up',
    help: '1 while rate limits are counted in the shared store, 0 while the store is down and this gateway counts alone.',
    registers,
    collect() {
      const isUp = isRateStoreUp();
      if (isUp !== undefined) this.set(Number(isUp));
    },
  });

  new Gauge({
    name: 'wenshu_audit_free_bytes',
    help: 'Free bytes on the disk of the audit log. Below AUDIT_WARN_BELOW, /readyz and the log warn.',
    registers,
    collect() {
      const bytes = auditSpace();
      if (bytes !== undefined) this.set(bytes);
    },
  });
  reportStatus(registers, subgraphs);
  reportRules(registers, sources.rules);
  reportWebhooks(registers, sources.webhooks);
}

/** Adds the rules that the hub carries out by itself, as they are when the page is requested. */
function reportRules(registers: Registry[], rules: MetricSources['rules']): void {
  new Gauge({
    name: 'wenshu_rule_events',
    help: 'Events of agencies that a rule of the hub carried out (done), or that were refused for good.',
    labelNames: ['rule', 'outcome'],
    registers,
    collect() {
      for (const { rule, done, refused } of rules()) {
        this.set({ rule, outcome: 'done' }, done);
        this.set({ rule, outcome: 'refused' }, refused);
      }
    },
  });
  new Gauge({
    name: 'wenshu_rule_failing',
    help: 'Attempts in a row that failed. The rule waits at the same event while it is above 0.',
    labelNames: ['rule'],
    registers,
    collect() {
      for (const { rule, failing } of rules()) this.set({ rule }, failing);
    },
  });
}

/** Adds the deliveries of webhooks, as they are when the page is requested. */
function reportWebhooks(registers: Registry[], webhooks: MetricSources['webhooks']): void {
  new Gauge({
    name: 'wenshu_webhook_deliveries',
    help: 'Attempts to deliver an event by a webhook since the start, by outcome: delivered, failed.',
    labelNames: ['outcome'],
    registers,
    collect() {
      const { delivered = 0, failed = 0 } = webhooks() ?? {};
      this.set({ outcome: 'delivered' }, delivered);
      this.set({ outcome: 'failed' }, failed);
    },
  });
  new Gauge({
    name: 'wenshu_webhooks_disabled',
    help: 'Webhooks that this gateway disabled since its start, because their receivers failed for long or for good.',
    registers,
    collect() {
      this.set(webhooks()?.disabled ?? 0);
    },
  });
}

/** Adds breakers, calls in progress and connections, as they are when the page is requested. */
function reportStatus(registers: Registry[], subgraphs: MetricSources['subgraphs']): void {
  const gauge = (
    name: string,
    help: string,
    valuesOf: (status: SubgraphStatus) => Readonly<Record<string, number>>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['subgraph', 'state'],
      registers,
      collect() {
        this.reset();
        for (const [subgraph, { status }] of subgraphs()) {
          for (const [state, value] of Object.entries(valuesOf(status())))
            this.set({ subgraph, state }, value);
        }
      },
    });

  gauge('wenshu_subgraph_breaker', '1 for the state that the circuit breaker is in.', ({ breaker }) => ({
    closed: Number(breaker === 'closed'),
    'half-open': Number(breaker === 'half-open'),
    open: Number(breaker === 'open'),
  }));
  gauge(
    'wenshu_subgraph_calls',
    'Calls to a subgraph now: running, waiting for their turn, and (limit) how many may run at once.',
    ({ running, waiting, concurrency }) => ({ running, waiting, limit: concurrency }),
  );
  gauge(
    'wenshu_subgraph_connections',
    'Open HTTP connections to a subgraph.',
    ({ connections }): Record<string, number> =>
      connections ? { idle: connections.idle, busy: connections.open - connections.idle } : {},
  );
}

/** Returns labels for up to `max` operation names, because callers must not be able to fill the memory with names. */
function createOperationLabels(max: number): (name: string | undefined) => string {
  const named = new Set<string>();
  return (name = 'anonymous') => {
    if (named.has(name)) return name;
    if (named.size >= max || name.length > 100) return 'other';
    named.add(name);
    return name;
  };
}

/** Returns a known code or `other`: subgraphs can answer with any number of codes. */
const knownCode = (code: string) => (Object.hasOwn(statusOf, code) ? code : 'other');

let sharedRegistry: Registry | undefined;

/** Creates the metrics of the process (CPU, memory, event loop, garbage collection), which all its gateways share. */
function processRegistry(): Registry {
  if (!sharedRegistry) {
    sharedRegistry = new Registry();
    collectDefaultMetrics({ register: sharedRegistry });
  }
  return sharedRegistry;
}
