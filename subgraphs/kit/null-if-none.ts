/** Returns null instead of an empty list: where nothing is on record, it is not known that there is nothing. */
export const nullIfNone = <Row>(rows: readonly Row[]): readonly Row[] | null =>
  rows.length > 0 ? rows : null;
