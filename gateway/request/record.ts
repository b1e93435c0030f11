import type { QueryPlan } from '@graphql-hive/router-query-planner';
import type { CallerOnRecord } from './caller-on-record.ts';
import { DisclosedEnterprises } from './disclosed-enterprises.ts';
import type { FailureKind } from './errors.ts';
import type { FieldAccess } from './field-access.ts';
import { traceIdOf } from './trace.ts';

/** How a request ended: with all it asked for, with a part, with nothing, refused before it began, or its caller gone. */
export type Outcome = 'ok' | 'partial' | 'failed' | 'refused' | 'abandoned';

/** Stands for the status where no answer is sent, as nginx has it. */
export const callerLeft = 499;

/** An operation whose document is valid, so that its name is a GraphQL name. One and the same for one that is kept. */
export type KnownOperation = { readonly name: string | undefined; readonly hash: string };

export type Planning = {
  /** The plan was made for an earlier request, so this one lost no time. */
  readonly wasKept: boolean;
  readonly startedAt: number;
  endedAt: number;
  /** Undefined where it could not be made. */
  plan: QueryPlan | undefined;
};

/** One question to a subgraph. */
export type Call = {
  readonly subgraph: string;
  readonly operationName: string | undefined;
  readonly startedAt: number;
  endedAt?: number;
  /** Why there was no answer, or `errors` where it came with errors. */
  failure?: FailureKind | 'errors';
  // Counted only for a reader: see isDetailed.
  entitiesAsked?: number | undefined;
  entitiesFound?: number;
  /** Of what conditions and orders across agencies come to. */
  keysFound?: number | undefined;
  bytes?: number;
};

/** What the response says for the audit log before it is text. */
export type AnswerAccess = {
  readonly caller: CallerOnRecord | undefined;
  readonly represents: string | undefined;
  readonly purpose: string | undefined;
  readonly caseNumber: string | undefined;
  /** SHA-256 of the supergraph that it was answered from. */
  readonly schema: string | undefined;
  /** Places in the answer that the caller had no right to. */
  readonly denied: readonly string[];
  readonly fields: readonly FieldAccess[];
};

/** The spans of one request. */
export type RequestTrace = {
  readonly traceId: string;
  startCall(call: Call): CallTrace;
  end(record: RequestRecord, status: number, outcome: Outcome): void;
};

/** The span of one call to a subgraph. */
export type CallTrace = {
  /** Tells a subgraph of the trace: https://www.w3.org/TR/trace-context/ */
  readonly headers: Readonly<Record<string, string>>;
  end(): void;
};

export type CallListener = { callEnded(call: Call): void };

export type RecordOptions = {
  readonly requestId: string;
  /** The caller asks to be told how the answer came about. */
  readonly wantsExplanation: boolean;
  readonly trace: RequestTrace | undefined;
  /** Headers of the caller's own trace, for subgraphs to see where the gateway traces nothing itself. */
  readonly passedOn: Readonly<Record<string, string>> | undefined;
  readonly listener: CallListener | undefined;
  /** Whether somebody wants to know of which entities the answer is. */
  readonly countsRows: boolean;
};

/**
 * What one request does, noted down on its way; log line, metrics, spans and explanation
 * are read from it. It holds no value that a caller sent. Times are those of `performance.now()`.
 */
export class RequestRecord {
  readonly options: RecordOptions;
  readonly startedAt = performance.now();
  endedAt: number | undefined;
  readonly calls: Call[] = [];
  operation: KnownOperation | undefined;
  planning: Planning | undefined;
  /** Of the operation, in the unit of `@cost`. */
  cost: number | undefined;
  /** Whether its document is registered; undefined where none ever is. */
  isRegistered: boolean | undefined;
  hasDenials = false;
  /** What the operation reads that carries a sharing class. */
  seen: readonly FieldAccess[] | undefined;
  /** Places in the answer, without positions in lists, of what is taken out of it; undefined where nothing is restricted. */
  denied: Set<string> | undefined;
  hasData = false;
  errorCodes: readonly string[] = [];
  /** For the audit log. */
  access: AnswerAccess | undefined;
  /** Entities in the answer by type, where they are counted. */
  readonly rows: Map<string, number> | undefined;
  /** Undefined where the answer tells of no enterprise what is not for everybody, or nobody wants to know. */
  enterprises: DisclosedEnterprises | undefined;

  constructor(options: RecordOptions) {
    this.options = options;
    this.rows = options.countsRows ? new Map() : undefined;
  }

  /** Entities of a type that are answered without the executor. */
  countRows(typeName: string, count: number): void {
    this.rows?.set(typeName, (this.rows.get(typeName) ?? 0) + count);
  }

  /** To be told which enterprises those are of which the answer tells what is not for everybody. */
  discloseEnterprises(): DisclosedEnterprises | undefined {
    if (this.options.countsRows) this.enterprises ??= new DisclosedEnterprises();
    return this.enterprises;
  }

  /** Of the operation as a whole: what of it may be seen, and whether anything may not. */
  noteAuthorization(
    authorization: { readonly seen: readonly FieldAccess[]; readonly key: string } | undefined,
  ): void {
    this.seen = authorization?.seen;
    this.hasDenials = authorization !== undefined && authorization.key !== '';
    if (this.hasDenials) this.denied ??= new Set();
  }

  /** Of an operation that is refused as a whole, for what of it may not be seen, by coordinate: nothing of it is read. */
  noteRefused(coordinates: readonly string[]): void {
    for (const each of coordinates) this.denied?.add(each);
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

  /** Of the W3C trace that it belongs to. */
  get traceId(): string | undefined {
    const { trace, passedOn } = this.options;
    return trace?.traceId ?? traceIdOf(passedOn?.traceparent);
  }

  /** Counting costs time, so it is done only for a reader. */
  get isDetailed(): boolean {
    return this.options.wantsExplanation || this.options.trace !== undefined;
  }

  /** The last note, when the answer goes out with this HTTP status. */
  end(status: number): Outcome {
    this.endedAt = performance.now();
    if (status === callerLeft) {
      // Of what was given up with it, nothing went wrong.
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
