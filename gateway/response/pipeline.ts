import type { ValidationRule } from 'graphql';
import type { RequestLimits } from '../admission/request-limits.ts';
import type { ResponseStep } from './response-step.ts';

/**
 * What every operation goes through, in this order, whether one answer or a whole table is asked for. Between
 * `checkCost` and `respond` the executor authorizes, plans and executes it.
 */
export type Pipeline = Pick<RequestLimits, 'checkDocument' | 'costOf' | 'checkCost'> & {
  readonly validation: {
    readonly rules: readonly ValidationRule[];
    /** How many errors of a document are told. */
    readonly maxErrors: number;
  };
  /** What is done with an answer before it leaves. */
  readonly respond: ResponseStep;
};
