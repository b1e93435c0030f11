/** Every synthetic id starts with this, and no id of a dataset does: the two cannot collide. */
export const syntheticPrefix = 'syn-';
