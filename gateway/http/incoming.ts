import type { IncomingMessage } from 'node:http';
import type { Admitted } from '../request/context.ts';
import type { RequestRecord } from '../request/record.ts';
import type { Reply } from './reply.ts';

/** A request on its way through the steps. */
export type Incoming = {
  readonly request: IncomingMessage;
  /** Headers by lower-case name; repeated headers are joined with commas. */
  readonly headers: Map<string, string>;
  /** Query string with '?', or ''. */
  readonly search: string;
  readonly requestId: string;
  readonly clientAddress: string;
  /** Aborted when the caller leaves before its answer is sent. */
  readonly signal: AbortSignal;
  /** The record of the request, set by the first step of a request for the graph. */
  record: RequestRecord | undefined;
  /** The result of admission, set by the step that authenticates; undefined if everybody is served alike. */
  admitted: Admitted | undefined;
  /** The body, set by the step that reads it. */
  text: string;
};

export type Handler = (incoming: Incoming) => Promise<Reply> | Reply;
