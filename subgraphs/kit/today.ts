/** Returns the day in Beijing, which has no summer time, for a time in milliseconds since 1970. */
export const dayOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

export const today = (): string => dayOf(Date.now());
