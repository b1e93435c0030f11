/** What somebody has used of something since its window began, and when the next begins. */
export type Usage = { readonly used: number; readonly resetMs: number };

/** A time that begins with the first use. */
export type UsageWindow = { readonly name: string; readonly seconds: number };

/** Where usage is counted, for everybody by name. */
export type RateStore = {
  /** Adds in each of these windows, or takes back what is below 0; gives the usage of each. */
  add(windows: readonly UsageWindow[], name: string, amount: number): Promise<readonly Usage[]>;
  close(): Promise<void>;
};
