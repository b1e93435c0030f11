/** A snapshot of the rows at one moment, for calls that give its id. */
export type HeldSnapshot = {
  readonly id: string;
  /** Time of the snapshot by the clock of the database, as ISO 8601. */
  readonly asOf: string;
  /** Resolves when the snapshot has been released, by either side. */
  readonly ended: Promise<void>;
};

/** Path at which a remote subgraph opens a snapshot: it answers with a line of JSON and holds the snapshot until the connection ends. */
export const snapshotPath = '/snapshot';
