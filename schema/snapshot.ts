/** Rows as they are at one moment, held for calls that name it by its id. */
export type HeldSnapshot = {
  readonly id: string;
  /** ISO 8601, by the clock of the database. */
  readonly asOf: string;
  /** Resolves when it is held no more, whoever let it go. */
  readonly ended: Promise<void>;
};

/** Where a subgraph apart is asked to hold one: it answers with a line of JSON, and holds until the connection ends. */
export const snapshotPath = '/snapshot';
