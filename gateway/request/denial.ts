import type { Details, ErrorCode } from '@wenshu/schema/errors.ts';

/**
 * The reason why a caller may not see something. It becomes an error at the path of the field, and null or the mask
 * in the data. Only `governance/denials.ts` makes denials.
 */
export type Denial = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Details;
  /** Returns the masked form that the owner shows in place of a value. */
  readonly mask?: (value: unknown) => unknown;
  /** The rows in which the field is visible all the same; for the denial of a type, the rows that are not hidden. */
  readonly exempt?: RowRule;
};

/** A rule that selects some of the rows of a type. */
export type RowRule = {
  /** Fields of the type that the rule tests, as a selection: `region { code }`. */
  readonly needs: string;
  /**
   * Returns whether a row is selected; `read` returns the value at a path of field names, such as `['region',
   * 'code']`.
   */
  includes(read: (path: readonly string[]) => unknown): boolean;
  /** The identity of the rule: two rules with the same key select the same rows. */
  readonly key: string;
  /** The rule as the filter that all lists of the type take; undefined if no filter can express it. */
  readonly filter: string | undefined;
  /** The rule as a filter that callers could write themselves: `filter`, or a condition on related data. */
  readonly listFilter: string | undefined;
  /** The rule as the filter of the subgraph that keeps the rows; undefined if that cannot express it. */
  readonly lookup: string | undefined;
  /**
   * Returns the same rule for rows of another type that hold such a row at a field; undefined if that type cannot
   * express it.
   */
  readonly ofHolder?: ((typeName: string, field: string) => RowRule | undefined) | undefined;
  /** The rules that this rule combines. */
  readonly parts?: { readonly join: 'and' | 'or'; readonly rules: readonly RowRule[] };
};
