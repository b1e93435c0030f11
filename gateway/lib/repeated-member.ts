const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * A name that an object in a text of JSON has twice; undefined where none does. `JSON.parse` takes the last of them,
 * and another reader of the same token may take the first. RFC 7519, 4
 */
export function repeatedMember(json: string): string | undefined {
  /** The names so far of each object that is open; of a list, nothing. */
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  for (const [token] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      // Written in another way it is the same name: "r\u006fle".
      const name: string = JSON.parse(before);
      if (names?.has(name)) return name;
      names?.add(name);
    }
    before = token;
  }
  return undefined;
}
