/** Makes a function that computes a value once for each name. */
export function remembering<Value>(find: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    if (known.has(name)) return known.get(name) as Value;
    const value = find(name);
    known.set(name, value);
    return value;
  };
}
