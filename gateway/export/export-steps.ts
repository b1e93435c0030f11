import type { CheckCost, Pricing, ValidOperation } from '../admission/check-cost.ts';
import type { ExecutionAnswer } from '../execution/execution.ts';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import type { ExecuteStep, OperationRequest, Replacements, ValidStep } from '../response/operation-steps.ts';
import type { ExportRequest } from './export-request.ts';
import type { Format } from './formats/format.ts';
import { openFormat } from './formats/open-format.ts';
import type { OpenExport, OpenedExport } from './open-export.ts';
import { askForTotal, leastRows } from './read-pages.ts';
import { findTableQuery, type TableQuery } from './table-query.ts';

export type ExportStepsOptions = {
  readonly pricing: Pricing;
  /** Checks the cost of an export. */
  readonly checkCost: CheckCost;
  readonly mayExplain: (context: GatewayContext) => boolean;
  readonly open: OpenExport;
};

/** An export whose first page, which has no rows, was answered. */
export type StartedExport = OpenedExport & {
  readonly query: TableQuery;
  readonly context: GatewayContext;
  readonly format: Format;
  /** Number of rows; undefined when the list does not count them. */
  readonly total: number | undefined;
};

/**
 * The steps of one export that replace those of a query. It is priced by the rows of its pages, and answered with an empty first page,
 * which shows the errors of the whole query. A query without a table passes the replaced
 * steps.
 */
export class ExportSteps {
  readonly #asked: ExportRequest;
  readonly #options: ExportStepsOptions;
  #query: TableQuery | undefined;
  #started: StartedExport | undefined;

  constructor(asked: ExportRequest, options: ExportStepsOptions) {
    this.#asked = asked;
    this.#options = options;
  }

  /** Whether the query is a valid one for a table. */
  get isTable(): boolean {
    return this.#query !== undefined;
  }

  /** Undefined when there is no first page. */
  get started(): StartedExport | undefined {
    return this.#started;
  }

  /** The steps by the names of those that they replace. */
  get replacements(): Replacements {
    return {
      admit: {
        price: (once) => (operation, variables, context) => this.#price(once, operation, variables, context),
      },
      execute: { execute: (once) => (request) => this.#execute(once, request) },
    };
  }

  #price(once: ValidStep, operation: ValidOperation, variables: Json, context: GatewayContext) {
    const { pricing, checkCost, mayExplain } = this.#options;
    const query = findTableQuery(operation, variables, pricing);
    if (!query) return once(operation, variables, context);
    this.#query = query;
    if (this.#asked.explain && !mayExplain(context)) {
      throw new Refusal('FORBIDDEN', 'Your role may not ask for explanations.', {
        messageZh: '您的角色无权查看执行说明。',
      });
    }
    const price = {
      cost: query.costOf(leastRows),
      charged: query.costOf(1),
      findCostliest: () => query.findCostliest(leastRows),
    };
    return checkCost(price, context);
  }

  async #execute(once: ExecuteStep, request: OperationRequest): Promise<ExecutionAnswer> {
    const query = this.#query;
    if (!query) return once(request);
    const format = await openFormat(this.#asked.format);
    const { context } = request;
    const opened = this.#options.open(query, context);
    try {
      const { page, data, errors } = await askForTotal(opened.reading, this.#asked.after);
      if (!page && errors.length > 0) {
        opened.run.end();
        // Without a page nothing was read, so there is no data either.
        return { errors };
      }
      const problem = format.refuseRows?.(page?.total ?? 0);
      if (problem) {
        throw new Refusal('EXPORT_REFUSED', problem.message, { messageZh: problem.messageZh });
      }
      this.#started = { ...opened, query, context, format, total: page?.total };
      return { ...(page && data && { data }), ...(errors.length > 0 && { errors }) };
    } catch (cause) {
      opened.run.end();
      throw cause;
    }
  }
}
