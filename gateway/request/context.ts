import type { Caller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import type { Evidence } from '@wenshu/schema/evidence.ts';
import type { UnknownName } from '@wenshu/schema/named-records.ts';
import type { RequestRecord } from './record.ts';

/** The context of one request, from admission to response. */
export type GatewayContext = {
  /** The id of the request, from the caller's `x-request-id` or made here. The answer and every log line carry it. */
  readonly requestId: string;
  readonly headers: ReadonlyMap<string, string>;
  /** The address of the caller; undefined for the gateway's own questions. */
  readonly clientAddress?: string;
  /** The caller; undefined if the gateway serves everybody alike. */
  readonly caller?: Caller;
  /** Whether the gateway asks for itself, so that nothing is removed. */
  readonly isOwnQuestion?: boolean;
  /** The purpose of use that the caller states. */
  readonly purposeOfUse?: PurposeOfUse;
  /** Whether the caller wants the complete answer or none. */
  readonly isStrict?: boolean;
  /** The time of `performance.now()` by which the answer must be sent. The gateway waits for no subgraph after it. */
  readonly deadline?: number;
  /** The snapshot of the subgraph's database that a call reads. */
  readonly snapshot?: string;
  /** What the change of this request needs of other agencies, for the agency that makes it. */
  readonly evidence?: Evidence;
  /** The records that the changes of this request name and its caller could not find. */
  readonly unknownNames?: readonly UnknownName[];
  /** Aborted when the caller leaves before its answer is sent, so that nobody waits for subgraphs any more. */
  readonly signal?: AbortSignal;
  /** The record of the request for log, metrics and traces; undefined for the hub's own questions. */
  readonly record?: RequestRecord;
};

/** The result of admission: what the headers of a request show. */
export type Admitted = {
  readonly caller: Caller;
  readonly purposeOfUse: PurposeOfUse;
  readonly isStrict: boolean;
};
