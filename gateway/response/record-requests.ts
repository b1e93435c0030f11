import { isStream, type Reply, withEnd } from '../http/reply.ts';
import type { Step } from '../http/step.ts';
import type { Log } from '../lib/log.ts';
import { callerLeft, openRecord } from '../request/record.ts';
import { passOn } from '../request/trace.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { logRequest } from '../telemetry/request-log.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { AnswerAudit } from './audit-answers.ts';
import { codesIn } from './note-response.ts';

export type RecordingOptions = {
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly audit: AnswerAudit | undefined;
};

/** Creates a record for each request and evaluates it after the answer: audit log, log line, metrics, spans. */
export const recordRequests =
  ({ log, metrics, tracing, audit }: RecordingOptions): Step =>
  async (incoming, next) => {
    const { request, requestId, signal } = incoming;
    const { headers } = request;
    const record = openRecord({
      requestId,
      wantsExplanation: headers['x-wenshu-explain'] === '1',
      trace: tracing?.startRequest(headers),
      passedOn: passOn(headers),
      listener: metrics,
      countsRows: audit !== undefined,
    });
    incoming.record = record;
    const end = (status: number) => {
      const sent = signal.aborted ? callerLeft : status;
      const outcome = record.end(sent);
      metrics?.requestEnded(record, outcome);
      record.options.trace?.end(record, sent, outcome);
      logRequest(log, record, sent, outcome);
    };
    let answer: Reply | undefined;
    try {
      answer = await next(incoming);
      if (answer.status >= 400 && record.errorCodes.length === 0) record.noteRefusal(codesIn(answer));
      const audited = audit ? audit.answered(incoming, record, answer) : answer;
      const reply = audited instanceof Promise ? await audited : audited;
      if (isStream(reply)) return withEnd(reply, signal, () => end(reply.status));
      end(reply.status);
      return reply;
    } catch (cause) {
      answer?.cancel?.();
      audit?.failed(incoming, record);
      end(500);
      throw cause;
    }
  };
