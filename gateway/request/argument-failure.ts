import type { Details, ErrorCode } from '@wenshu/schema/errors.ts';
import type { Denial } from './denial.ts';
import { ExecutionError } from './errors.ts';

/** The part of a list that lacks its value when an argument of the list failed. */
type Part = 'list' | 'totals';

/**
 * The failure of an argument of a list: a condition, an order or a group on related data that could not be resolved.
 * It is the error of each place that lacks its value for it.
 */
export class ArgumentFailure extends ExecutionError {
  /** The denial that made the argument fail; undefined for other failures. */
  readonly denial: Denial | undefined;
  /** With `totals`, the argument could be resolved for the rows of a page only. */
  readonly part: Part;

  constructor(
    code: ErrorCode,
    message: string,
    details: Details,
    { denial, part = 'list' }: { readonly denial?: Denial | undefined; readonly part?: Part } = {},
  ) {
    super(code, message, details);
    this.name = 'ArgumentFailure';
    this.denial = denial;
    this.part = part;
  }

  /** Returns the failure of an argument that uses what the caller may not see. */
  static from(denial: Denial): ArgumentFailure {
    return new ArgumentFailure(denial.code, denial.message, denial.details, { denial });
  }

  /** Returns the same failure for the totals of the list alone. */
  ofTotals(): ArgumentFailure {
    const { code, message, details, denial } = this;
    return new ArgumentFailure(code, message, details, { denial, part: 'totals' });
  }

  /** The identity of the failure: failures with the same key answer alike. */
  get key(): string {
    return JSON.stringify([this.part, this.message, this.extensions]);
  }
}
