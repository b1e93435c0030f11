import type { Caller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import type { RequestRecord } from './record.ts';

/** What the gateway knows of one request, from admission to response. */
export type GatewayContext = {
  /** Given by the caller as `x-request-id`, or made here; it stands in the answer and in every log line. */
  readonly requestId: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Where it comes from; undefined where its connection has ended. */
  readonly clientAddress?: string | undefined;
  /** Who asks; undefined where the gateway serves everybody alike. */
  readonly caller?: Caller;
  /** Whether the gateway asks for itself, so that nothing is withheld. */
  readonly isOwnQuestion?: boolean;
  /** What the caller says the answer is for. */
  readonly purposeOfUse?: PurposeOfUse;
  /** Whether the caller wants all that it asks for, or nothing. */
  readonly isStrict?: boolean;
  /** When the answer has to be out, on the clock of `performance.now()`: no subgraph is waited for any longer. */
  readonly deadline?: number;
  /** In a call to a subgraph: the snapshot of its database that is read. */
  readonly snapshot?: string;
  /** Aborted when the caller goes away before its answer is out: nobody waits for subgraphs any more. */
  readonly signal?: AbortSignal;
  /** What is noted down of the request, for log, metrics and traces; the hub's own questions have none. */
  readonly record?: RequestRecord;
};

/** What is known of a request from its headers alone. */
export type Admitted = {
  readonly caller: Caller;
  readonly purposeOfUse: PurposeOfUse;
  readonly isStrict: boolean;
};
