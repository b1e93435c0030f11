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
  readonly endedAt: number;
  /** The plan; undefined if planning failed. */
  readonly plan: QueryPlan | undefined;
};

/** How a call to a subgraph ended. The counts are taken only for a reader: see isDetailed. */
export type CallResult = {
  /** The kind of failure; `errors` if the answer came with errors. */
  readonly failure?: FailureKind | 'errors' | undefined;
  readonly entitiesFound?: number | undefined;
  /** The number of keys that conditions and orders on related data lead to. */
  readonly keysFound?: number | undefined;
  readonly bytes?: number | undefined;
};

/** A call to a subgraph that begins. */
export type StartedCall = {
  readonly subgraph: string;
  readonly operationName: string | undefined;
  /** Counted only for a reader. */
  readonly entitiesAsked?: number | undefined;
};

/** One call to a subgraph. `endedAt` is undefined while nobody has answered it. */
export type Call = StartedCall & CallResult & { readonly startedAt: number; readonly endedAt?: number };

/** What the executor found while it made an answer, or one page of it. */
export type Findings = {
  /** The number of entities in the answer by type; undefined if they are not counted. */
  readonly rows: ReadonlyMap<string, number> | undefined;
  /** Paths of removed values, without list positions. */
  readonly denied?: ReadonlySet<string>;
};

/** How an answer ends, as it is noted before it is sent. */
export type NotedAnswer = {
  /** Undefined if the document has no valid operation. */
  readonly operation: KnownOperation | undefined;
  readonly errorCodes: readonly string[];
  readonly hasData: boolean;
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
  startCall(call: StartedCall): CallTrace;
  end(facts: RequestFacts, status: number, outcome: Outcome): void;
};

/** The span of one call to a subgraph. */
export type CallTrace = {
  /** Headers that pass the trace to a subgraph: https://www.w3.org/TR/trace-context/ */
  readonly headers: Readonly<Record<string, string>>;
  end(call: Call): void;
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
 * The facts on record about one request. They hold no value that a caller sent. Times are those of
 * `performance.now()`.
 */
class Facts {
  readonly options: RecordOptions;
  readonly startedAt = performance.now();
  endedAt: number | undefined;
  /** Whether the document is registered; undefined if the gateway has no registered documents. */
  isRegistered: boolean | undefined;
  operation: KnownOperation | undefined;
  /** The cost of the operation, in the unit of `@cost`. */
  cost: number | undefined;
  hasDenials = false;
  /** The fields with a sharing class that the operation reads. */
  seen: readonly FieldAccess[] | undefined;
  planning: Planning | undefined;
  readonly calls: readonly Call[] = [];
  /** Paths of removed values, without list positions; undefined if nothing is removed. */
  denied: ReadonlySet<string> | undefined;
  /** The number of entities in the answer by type; undefined if they are not counted. */
  rows: ReadonlyMap<string, number> | undefined;
  /** The disclosed enterprises; undefined if the answer discloses none, or nobody records them. */
  enterprises: DisclosedEnterprises | undefined;
  hasData = false;
  errorCodes: readonly string[] = [];
  /** The part of the answer that the audit log needs. */
  access: AnswerAccess | undefined;

  constructor(options: RecordOptions) {
    this.options = options;
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

  outcomeOf(status: number): Outcome {
    if (status >= 500 && status !== 503) return 'failed';
    if (status >= 400 || !this.operation) return 'refused';
    if (this.errorCodes.length === 0) return 'ok';
    return this.hasData ? 'partial' : 'failed';
  }
}

/**
 * The one place that folds what the steps found into the record, in the order of a request. A step reports a finding as
 * soon as it has it, because it must be on record also when the rest of the step refuses the request or fails. Only
 * these methods change the record.
 */
class Recorder extends Facts {
  noteDocument(isRegistered: boolean | undefined): void {
    this.isRegistered = isRegistered;
  }

  noteCost(cost: number): void {
    this.cost = cost;
  }

  /** Notes the field accesses of the operation, and whether anything of it is removed. */
  noteAuthorization(
    authorization: { readonly seen: readonly FieldAccess[]; readonly key: string } | undefined,
  ): void {
    this.seen = authorization?.seen;
    this.hasDenials = authorization !== undefined && authorization.key !== '';
  }

  /** Notes the coordinates for which the whole operation is refused, so that none of it is read. */
  noteRefused(coordinates: readonly string[]): void {
    this.#deny(coordinates);
    this.seen = undefined;
  }

  startPlanning(wasKept: boolean): void {
    const startedAt = wasKept ? 0 : performance.now();
    this.planning = { wasKept, startedAt, endedAt: startedAt, plan: undefined };
  }

  endPlanning(plan: QueryPlan): void {
    if (!this.planning) return;
    const { wasKept, startedAt } = this.planning;
    this.planning = { wasKept, startedAt, endedAt: wasKept ? startedAt : performance.now(), plan };
  }

  /** Notes that a call begins. Returns the function that notes how it ended, and returns the whole call. */
  startCall(started: StartedCall): (result: CallResult) => Call {
    const call: Writable<Call> = { ...started, startedAt: performance.now() };
    (this.calls as Call[]).push(call);
    return (result) => Object.assign(call, result, { endedAt: performance.now() });
  }

  /** Adds what was found in a part of the answer. */
  addFindings({ rows, denied }: Findings): void {
    if (rows) this.rows = this.rows ? sumOf(this.rows, rows) : rows;
    if (denied?.size) this.#deny(denied);
  }

  /** Returns the collector of disclosed enterprises; undefined if nobody records them. */
  discloseEnterprises(): DisclosedEnterprises | undefined {
    if (this.options.countsRows) this.enterprises ??= new DisclosedEnterprises();
    return this.enterprises;
  }

  #deny(places: Iterable<string>): void {
    this.denied = new Set([...(this.denied ?? []), ...places]);
  }

  noteAccess(access: AnswerAccess): void {
    this.access = access;
  }

  noteAnswer({ operation, errorCodes, hasData }: NotedAnswer): void {
    this.operation = operation;
    this.errorCodes = errorCodes;
    this.hasData = hasData;
  }

  /** Adds the codes of errors in a later page of the answer. */
  notePageErrors(codes: readonly string[]): void {
    if (codes.length > 0) this.errorCodes = [...new Set([...this.errorCodes, ...codes])];
  }

  /** Notes that an error is sent in place of any answer that is on record. */
  noteRefusal(errorCodes: readonly string[]): void {
    this.errorCodes = errorCodes;
    this.hasData = false;
  }

  /** Notes that the answer is sent with this HTTP status. Returns how the request ended. */
  end(status: number): Outcome {
    this.endedAt = performance.now();
    if (status !== callerLeft) return this.outcomeOf(status);
    // Errors of an abandoned request are no failures.
    this.errorCodes = [];
    return 'abandoned';
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function sumOf(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) {
  const sum = new Map(one);
  for (const [name, count] of other) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

/** What log line, metrics, spans and explanation are made from. */
export type RequestFacts = Readonly<Facts>;

/** The record of one request, for its steps. */
export type RequestRecord = Readonly<Recorder>;

export const openRecord = (options: RecordOptions): RequestRecord => new Recorder(options);
