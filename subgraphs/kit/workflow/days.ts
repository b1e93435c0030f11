/** Working days of an action: for all objects, and for those of a kind. */
export type Days = {
  readonly days?: number | undefined;
  readonly kinds?: Readonly<Record<string, number>> | undefined;
};

/** Working days of an action, with those of regions. A region's days hold for the regions below it too. */
export type ActionDays = Days & { readonly regions?: Readonly<Record<string, Days>> | undefined };

/** Days by type, then by the name of what takes so long. */
export type DaysOfTypes = Readonly<Record<string, Readonly<Record<string, ActionDays>>>>;

/** Days in place of those of the tables. They hold for steps that are taken from now on. */
export type Deadlines = {
  /** Working days after which an object is due, by action. */
  readonly actions?: DaysOfTypes | undefined;
  /** Other lengths of time, by term. */
  readonly terms?: DaysOfTypes | undefined;
};
