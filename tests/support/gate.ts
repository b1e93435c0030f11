/** Holds the answers of a subgraph back until the test lets them go. */
export function gate() {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  return { opened, open };
}
