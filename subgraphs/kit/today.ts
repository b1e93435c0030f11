/** The day in Beijing, whose clock has no summer time, at a moment in milliseconds since 1970. */
export const dayOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

export const today = (): string => dayOf(Date.now());
