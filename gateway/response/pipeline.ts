import type { ValidationRule } from 'graphql';
import type { RequestLimits } from '../admission/request-limits.ts';
import type { ResponseStep } from './response-step.ts';

/**
 * Steps of every operation, in this order, for one answer and for an export. Between `checkCost` and `respond` the
 * executor authorizes, plans and executes it.
 */
export type Pipeline = Pick<RequestLimits, 'checkDocument' | 'costOf' | 'checkCost'> & {
  readonly validation: {
    readonly rules: readonly ValidationRule[];
    /** Maximum number of errors reported for a document. */
    readonly maxErrors: number;
  };
  /** Runs on an answer before it is sent. */
  readonly respond: ResponseStep;
};
