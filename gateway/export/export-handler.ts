import { type ErrorCode, isDenial, statusOf } from '@wenshu/schema/errors.ts';
import type { RequestLimits } from '../admission/request-limits.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import { replyTo } from '../http/answer-refused.ts';
import type { Handler, Incoming } from '../http/incoming.ts';
import { readJsonBody } from '../http/json-body.ts';
import { isStream, json, type Reply, refusal } from '../http/reply.ts';
import type { Log } from '../lib/log.ts';
import { version } from '../lib/version.ts';
import type { GatewayContext } from '../request/context.ts';
import type { RequestFacts } from '../request/record.ts';
import { Refusal } from '../request/refusal.ts';
import {
  type AnswerOperation,
  type OperationStep,
  replaceSteps,
  sortSteps,
} from '../response/operation-steps.ts';
import { explain } from '../telemetry/explain.ts';
import { chargePages, type Pause } from './charge.ts';
import { type ExportRequest, readExportRequest } from './export-request.ts';
import { ahead, type ExportLimits } from './export-run.ts';
import { createExportSlots } from './export-slots.ts';
import { ExportSteps, type StartedExport } from './export-steps.ts';
import { withMarks } from './marks.ts';
import { createOpenExport } from './open-export.ts';
import { leastRows, type Page, readPages } from './read-pages.ts';

export type ExportOptions = Pick<RequestLimits, 'pricing' | 'checkExportCost' | 'chargeExport'> & {
  readonly graphs: GraphManager;
  readonly answer: AnswerOperation;
  /** The steps of an operation. An export replaces `price` and `execute`. */
  readonly operationSteps: readonly OperationStep[];
  readonly exportLimits: ExportLimits;
  /** Timeout of one page, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly mayExplain: (context: GatewayContext) => boolean;
  /** Rejects with a Refusal when the caller would no longer be admitted. */
  readonly admitAgain: (incoming: Incoming) => Promise<unknown>;
  readonly log: Log;
};

/**
 * Creates the handler of `POST /export`, which streams the whole table whose first page the query asks for. The query
 * passes the steps of any other operation up to its first page, but for `price` and `execute`. Then page follows page.
 */
export function createExportHandler(options: ExportOptions): Handler {
  const { answer, admitAgain, chargeExport } = options;
  const open = createOpenExport({ ...options, slots: createExportSlots(options.exportLimits) });
  const stepsOptions = { ...options, checkCost: options.checkExportCost, open };

  return async (incoming) => {
    if (incoming.request.method !== 'POST') return onlyPost(incoming);
    const body = readJsonBody(incoming);
    const asked = readExportRequest(body);
    // The caller accepts a table. What is sent in its place is JSON.
    incoming.headers.delete('accept');
    const steps = new ExportSteps(asked, stepsOptions);
    try {
      const operation = sortSteps(replaceSteps(options.operationSteps, steps.replacements));
      const first = await answer(incoming, body, operation).catch((cause) => replyToRefusal(cause, incoming));
      const { started } = steps;
      if (!started) return steps.isTable ? withStatusOfError(first, incoming.record) : first;
      const reply = replyOf(incoming, asked, first, started);
      if (!isStream(reply)) started.run.end();
      return reply;
    } catch (cause) {
      steps.started?.run.end();
      throw cause;
    }
  };

  /** Makes the reply of an export with a first page: the rows, an explanation, or the reason why there are none. */
  function replyOf(incoming: Incoming, asked: ExportRequest, first: Reply, started: StartedExport): Reply {
    if (first.status !== 200) return first;
    const mayBeWritten = isPlain(incoming.record);
    if (asked.explain) {
      return json(200, explanationOf(started, mayBeWritten, incoming.record), first.headers);
    }
    const pages = chargePages(readPages(started.reading, asked.after, mayBeWritten), started, {
      charge: chargeExport,
      admitAgain: () => admitAgain(incoming),
    });
    return {
      status: 200,
      headers: { ...first.headers, 'content-type': started.format.contentType },
      body: started.run.toReader(write(asked, started, ahead(pages))),
      cancel: () => started.run.end(),
    };
  }
}

const onlyPost = ({ headers }: Incoming): Reply => {
  const words = { message: 'Send an export request by POST.', messageZh: '请用 POST 发送导出请求。' };
  return { ...refusal('BAD_REQUEST', words, headers, { allow: 'POST' }), status: 405 };
};

function replyToRefusal(cause: unknown, { headers }: Incoming): Reply {
  if (cause instanceof Refusal) return { ...replyTo(cause, headers), status: statusOfWhole(cause.code) };
  throw cause;
}

/** Gives the reply to a table without a first page the status of its first error. */
function withStatusOfError(reply: Reply, record: RequestFacts | undefined): Reply {
  const [code] = record?.errorCodes ?? [];
  return code === undefined ? reply : { ...reply, status: statusOfWhole(code) };
}

/** Returns the HTTP status of a refused export. A code that fails only a field elsewhere has its own status here. */
function statusOfWhole(code: string): number {
  if (code === 'SUBGRAPH_UNAVAILABLE' || code === 'SUBGRAPH_TIMEOUT') return 503;
  // Subgraphs have codes of their own.
  const status = Object.hasOwn(statusOf, code) ? statusOf[code as ErrorCode] : 500;
  if (status !== 200) return status;
  return isDenial(code) ? 403 : 400;
}

/** Whether one fetch answers the whole query, so that the database can write the rows as lines. */
const isPlain = (record: RequestFacts | undefined) =>
  record?.planning?.plan?.node?.kind === 'Fetch' && !record.hasDenials;

/** Describes an export. Plan and fetches are those of the first page, as with `x-wenshu-explain`. */
function explanationOf(
  { reading: { columns }, query, total }: StartedExport,
  writtenByDatabase: boolean,
  record: RequestFacts | undefined,
) {
  const { plan, fetches } = record ? explain(record) : {};
  return { columns, total, cost: query.costOf(total ?? leastRows), writtenByDatabase, plan, fetches };
}

function write(
  { marks }: ExportRequest,
  { reading: { columns }, format, total, snapshots }: StartedExport,
  pages: AsyncIterable<Page | Pause>,
) {
  return marks
    ? withMarks({ columns, total, version }, pages, () => snapshots.asOf)
    : format.write(columns, linesOf(pages));
}

async function* linesOf(pages: AsyncIterable<Page | Pause>): AsyncGenerator<Buffer> {
  for await (const next of pages) if ('lines' in next) yield next.lines;
}
