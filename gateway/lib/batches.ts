/** Handles items at most `size` at a time, all batches at once. Returns what each batch gave, in order. */
export const inBatches = <Item, Result>(
  items: readonly Item[],
  size: number,
  handle: (batch: readonly Item[]) => Promise<Result>,
): Promise<Result[]> => {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => i * size);
  return Promise.all(starts.map((start) => handle(items.slice(start, start + size))));
};
