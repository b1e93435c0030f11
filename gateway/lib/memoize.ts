/** Makes a function that computes a value once for each object and keeps it as long as the object. */
export function memoize<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}

/** Makes a function that computes a value once for each name and keeps it as long as the function. */
export function memoizeByName<Value>(make: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    if (known.has(name)) return known.get(name) as Value;
    const value = make(name);
    known.set(name, value);
    return value;
  };
}
