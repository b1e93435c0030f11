/** Every synthetic id starts with this, and no id of a dataset does: the two cannot collide. */
export const syntheticPrefix = 'syn-';

export const isSyntheticId = (id: string): boolean => id.startsWith(syntheticPrefix);
