/** In the place of an item of a list that its caller may not see: the list is answered without it. */
export const hidden: unique symbol = Symbol('hidden');
