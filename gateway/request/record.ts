import type { QueryPlan } from '@graphql-hive/router-query-planner';
import type { CallerOnRecord } from './caller-on-record.ts';
import { DisclosedEnterprises } from './disclosed-enterprises.ts';
import type { FailureKind } from './errors.ts';
import type { FieldAccess } from './field-access.ts';
import { traceIdOf } from './trace.ts';

/**
 * The end of a request: answered in full, answered in part, failed, refused before it was executed, or abandoned by
 * its caller.
 */
export type Outcome = 'ok' | 'partial' | 'failed' | 'refused' | 'abandoned';

/** The status on record if no answer is sent, as in nginx. */
export const callerLeft = 499;

/** A valid operation, so that its name is a GraphQL name. The same kept operation has the same object. */
export type KnownOperation = { readonly name: string | undefined; readonly hash: string };

export type Planning = {
  /** Whether the plan came from the cache. */
  readonly wasKept: boolean;
  readonly startedAt: number;
  endedAt: number;
  /** The plan; undefined if planning failed. */
  plan: QueryPlan | undefined;
};

/** One call to a subgraph. */
export type Call = {
  readonly subgraph: string;
  readonly operationName: string | undefined;
  readonly startedAt: number;
  endedAt?: number;
  /** The kind of failure; `errors` if the answer came with errors. */
  failure?: FailureKind | 'errors';
  // The counts below are taken only for a reader: see isDetailed.
  entitiesAsked?: number | undefined;
  entitiesFound?: number;
  /** The number of keys that conditions and orders on related data lead to. */
  keysFound?: number | undefined;
  bytes?: number;
};

/** The part of the answer that the audit log needs, noted before the answer is text. */
export type AnswerAccess = {
  readonly caller: CallerOnRecord | undefined;
  readonly represents: string | undefined;
  readonly purpose: string | undefined;
  readonly caseNumber: string | undefined;
  /** SHA-256 of the supergraph that answered. */
  readonly schema: string | undefined;
  /** Paths of the answer that the caller may not see. */
  readonly denied: readonly string[];
  readonly fields: readonly FieldAccess[];
};

/** The trace of one request. */
export type RequestTrace = {
  readonly traceId: string;
  startCall(call: Call): CallTrace;
  end(record: RequestRecord, status: number, outcome: Outcome): void;
};

/** The span of one call to a subgraph. */
export type CallTrace = {
  /** Headers that pass the trace to a subgraph: https://www.w3.org/TR/trace-context/ */
  readonly headers: Readonly<Record<string, string>>;
  end(): void;
};

export type CallListener = { callEnded(call: Call): void };

export type RecordOptions = {
  readonly requestId: string;
  /** Whether the caller asks for an explanation of the answer. */
  readonly wantsExplanation: boolean;
  readonly trace: RequestTrace | undefined;
  /** Headers of the caller's own trace, passed to subgraphs if the gateway itself traces nothing. */
  readonly passedOn: Readonly<Record<string, string>> | undefined;
  readonly listener: CallListener | undefined;
  /** Whether the entities in the answer are counted. */
  readonly countsRows: boolean;
};

/**
 * The record of one request. Log line, metrics, spans and explanation are made from it. It holds no value that a
 * caller sent. Times are those of `performance.now()`.
 */
export class RequestRecord {
  readonly options: RecordOptions;
  readonly startedAt = performance.now();
  endedAt: number | undefined;
  readonly calls: Call[] = [];
  operation: KnownOperation | undefined;
  planning: Planning | undefined;
  /** The cost of the operation, in the unit of `@cost`. */
  cost: number | undefined;
  /** Whether the document is registered; undefined if the gateway has no registered documents. */
  isRegistered: boolean | undefined;
  hasDenials = false;
  /** The fields with a sharing class that the operation reads. */
  seen: readonly FieldAccess[] | undefined;
  /** Paths of removed values, without list positions; undefined if nothing is removed. */
  denied: Set<string> | undefined;
  hasData = false;
  errorCodes: readonly string[] = [];
  /** The part of the answer that the audit log needs. */
  access: AnswerAccess | undefined;
  /** The number of entities in the answer by type; undefined if they are not counted. */
  readonly rows: Map<string, number> | undefined;
  /** The disclosed enterprises; undefined if the answer discloses none, or nobody records them. */
  enterprises: DisclosedEnterprises | undefined;

  constructor(options: RecordOptions) {
    this.options = options;
    this.rows = options.countsRows ? new Map() : undefined;
  }

  /** Counts entities of a type that the gateway answered without the executor. */
  countRows(typeName: string, count: number): void {
    this.rows?.set(typeName, (this.rows.get(typeName) ?? 0) + count);
  }

  /** Returns the collector of disclosed enterprises; undefined if nobody records them. */
  discloseEnterprises(): DisclosedEnterprises | undefined {
    if (this.options.countsRows) this.enterprises ??= new DisclosedEnterprises();
    return this.enterprises;
  }

  /** Notes the field accesses of the operation, and whether anything of it is removed. */
  noteAuthorization(
    authorization: { readonly seen: readonly FieldAccess[]; readonly key: string } | undefined,
  ): void {
    this.seen = authorization?.seen;
    this.hasDenials = authorization !== undefined && authorization.key !== '';
    if (this.hasDenials) this.denied ??= new Set();
  }

  /** Notes the coordinates for which the whole operation is refused, so that none of it is read. */
  noteRefused(coordinates: readonly string[]): void {
    this.denied = new Set([...(this.denied ?? []), ...coordinates]);
    this.seen = undefined;
  }

  startPlanning(wasKept: boolean): void {
    const startedAt = wasKept ? 0 : performance.now();
    this.planning = { wasKept, startedAt, endedAt: startedAt, plan: undefined };
  }

  endPlanning(plan: QueryPlan): void {
    const { planning } = this;
    if (!planning) return;
    planning.plan = plan;
    if (!planning.wasKept) planning.endedAt = performance.now();
  }

  /** The id of the W3C trace that the request belongs to. */
  get traceId(): string | undefined {
    const { trace, passedOn } = this.options;
    return trace?.traceId ?? traceIdOf(passedOn?.traceparent);
  }

  /** Whether calls are counted in detail. Counting costs time, so it is done only for a reader. */
  get isDetailed(): boolean {
    return this.options.wantsExplanation || this.options.trace !== undefined;
  }

  /** Notes that the answer is sent with this HTTP status. Returns how the request ended. */
  end(status: number): Outcome {
    this.endedAt = performance.now();
    if (status === callerLeft) {
      // Errors of an abandoned request are no failures.
      this.errorCodes = [];
      return 'abandoned';
    }
    return this.outcomeOf(status);
  }

  outcomeOf(status: number): Outcome {
    if (status >= 500 && status !== 503) return 'failed';
    if (status >= 400 || !this.operation) return 'refused';
    if (this.errorCodes.length === 0) return 'ok';
    return this.hasData ? 'partial' : 'failed';
  }
}
