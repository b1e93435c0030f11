import type { SharedTables } from '../tables.ts';

type Filter = Readonly<Record<string, unknown>>;

/** A published figure, as far as rules look at it. */
export interface Figure {
  readonly metric: string;
  readonly metricZh: string;
  /** Name of the subject's type in the graph. */
  readonly subjectType: string;
  readonly subjectId: string;
  readonly regionCode: string | null;
  readonly kind: string;
  readonly isSidebar: boolean;
  readonly stockOrFlow: string | null;
  readonly tiers: readonly string[] | null;
}

/** Says which published figures count rows of a list, and which rows these are. */
export interface CountedBy {
  readonly metric: string;
  /** Name of the figure's subject in the graph. */
  readonly subject: string;
  /** Condition of the list's filter that takes the subject; `region` takes the region of the figure, with the regions below it. */
  readonly by: string;
  /** Further conditions by which the rows are counted. Every row must have their facts on record. */
  readonly rows?: Filter;
  /**
   * What the source says of the rows beyond that. Rows may not have it on record, so they are not counted by it. Undefined if the rule
   * does not speak of this figure.
   */
  readonly known?: (figure: Figure) => Filter | undefined;
  /** True if the figure counts all rows that meet these conditions, false if it counts a part of them that the filter cannot name. */
  readonly isWhole: boolean;
  /**
   * Set if not everybody who sees the rows may filter by these conditions. Rows are then not counted by them: `COUNT_ALL` counts all rows
   * that were asked for, and `ONLY_IF_ASKED` leaves the figure out unless the question has the condition `by`, or the
   * edges of its list tell it.
   */
  readonly closed?: 'COUNT_ALL' | 'ONLY_IF_ASKED';
}

/** Rules by the type of the rows. */
export type CountedLists = Readonly<Record<string, readonly CountedBy[]>>;

/** How a list finds the figures that count its rows. */
export interface Published {
  readonly rules: readonly CountedBy[];
  readonly tables: Pick<SharedTables, 'publishedTotals' | 'regionClosure'>;
}

/** What a figure counts: by condition of the filter, the values that its rows have. For regions, the codes below are added later. */
export interface Counted {
  /** Conditions by which rows are counted. */
  readonly filter: Filter;
  /** All that is known of the rows. */
  readonly scope: Filter;
}

/** Returns what a figure counts by a rule; undefined if the rule does not speak of the figure. */
export function countedOf(rule: CountedBy, figure: Figure): Counted | undefined {
  const isMeant =
    figure.metric === rule.metric &&
    figure.subjectType === rule.subject &&
    figure.kind === 'ACTUAL' &&
    !figure.isSidebar;
  const known = isMeant ? (rule.known ?? (() => ({})))(figure) : undefined;
  const { by } = rule;
  if (!known || (by === 'region' && !figure.regionCode)) return undefined;
  const subject = by === 'region' ? { within: figure.regionCode } : { eq: figure.subjectId };
  const filter = { [by]: subject, ...rule.rows };
  return { filter, scope: { ...filter, ...known } };
}

/** True if one of the rules speaks of a figure. */
export const isCounted = (lists: CountedLists, figure: Figure): boolean =>
  Object.values(lists)
    .flat()
    .some((rule) => countedOf(rule, figure) !== undefined);
