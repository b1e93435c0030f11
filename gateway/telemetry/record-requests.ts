import type { Reply } from '../http/reply.ts';
import type { Handler, Incoming } from '../http/server.ts';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';
import { noteRefusal } from './note-response.ts';
import { logRequest } from './request-log.ts';
import { callerLeft, RequestRecord } from './request-record.ts';
import { passOn, type Tracing } from './tracing.ts';

export type TelemetryOptions = {
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
  /** Whether entities of answers are counted. */
  readonly countsRows: boolean;
};

type RecordingHandler = (incoming: Incoming, record: RequestRecord) => Promise<Reply>;

/** Gives each request a record, and reads it when the answer is there: a log line, metrics, spans. */
export const recordRequests =
  ({ log, metrics, tracing, countsRows }: TelemetryOptions, handler: RecordingHandler): Handler =>
  async (incoming) => {
    const { request, requestId, signal } = incoming;
    const { headers } = request;
    const record = new RequestRecord({
      requestId,
      wantsExplanation: headers['x-wenshu-explain'] === '1',
      trace: tracing?.startRequest(headers),
      passedOn: passOn(headers),
      listener: metrics,
      countsRows,
    });
    let status = 500;
    try {
      const reply = await handler(incoming, record);
      status = reply.status;
      noteRefusal(record, reply);
      return reply;
    } finally {
      if (signal.aborted) status = callerLeft;
      const outcome = record.end(status);
      metrics?.requestEnded(record, outcome);
      record.options.trace?.end(record, status, outcome);
      logRequest(log, record, status, outcome);
    }
  };
