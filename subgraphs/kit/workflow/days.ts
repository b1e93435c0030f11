/** Working days of an action: for all objects, and for those of a kind. */
export type Days = {
  readonly days?: number | undefined;
  readonly kinds?: Readonly<Record<string, number>> | undefined;
};

/** Working days of an action, with those of regions. A region's days hold for the regions below it too. */
export type ActionDays = Days & { readonly regions?: Readonly<Record<string, Days>> | undefined };

/** Working days in place of those of the tables, by type and action. They hold for steps that are taken from now on. */
export type Deadlines = Readonly<Record<string, Readonly<Record<string, ActionDays>>>>;
