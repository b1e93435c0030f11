/** Usage in the current window, and the milliseconds until the next window. */
export type Usage = { readonly used: number; readonly resetMs: number };

/** A window of time. It begins with the first use. */
export type UsageWindow = { readonly name: string; readonly seconds: number };

/** Counts usage by name. */
export type RateStore = {
  /** Adds an amount in each window; a negative amount takes usage back. Resolves to the usage of each window. */
  add(windows: readonly UsageWindow[], name: string, amount: number): Promise<readonly Usage[]>;
  close(): Promise<void>;
};
