/** Marks an item of a list that the caller may not see. The answer omits it. */
export const hidden: unique symbol = Symbol('hidden');
