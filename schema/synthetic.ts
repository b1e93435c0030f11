/** Prefix of every synthetic id. No id of a dataset starts with it, so the two cannot collide. */
export const syntheticPrefix = 'syn-';

export const isSyntheticId = (id: string): boolean => id.startsWith(syntheticPrefix);
