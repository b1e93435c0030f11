/** What a number that the hub computes means: a count, a rate, a sum, a mean or a share. */
export type Figure = {
  /** The coordinates: `*` stands for any part of a name, and commas part the names of several fields. */
  readonly of: string;
  /** What it counts or adds up. */
  readonly counts: string;
  /** The whole of which it is a part; undefined if it is not a part of anything. */
  readonly partOf?: string;
  /** What becomes of the unknown. */
  readonly unknown: string;
};

export const allOnRecord =
  'It counts records, and says nothing of what is not on record: `completeness` does.';
export const fewerThanThree = 'Null where it would tell of fewer than three enterprises.';
export const suppressed = 'Null, with `isSuppressed`, where it would reveal single enterprises.';
