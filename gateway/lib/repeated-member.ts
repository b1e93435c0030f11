const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Finds a member name that an object in a JSON text has twice; undefined if there is none. `JSON.parse` takes the
 * last of both, and another reader of the same token may take the first. RFC 7519, section 4
 */
export function repeatedMember(json: string): string | undefined {
  /** For each open object, its member names so far; undefined for each open list. */
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  for (const [token] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      // Escapes can hide that two names are equal: "r\u006fle".
      const name: string = JSON.parse(before);
      if (names?.has(name)) return name;
      names?.add(name);
    }
    before = token;
  }
  return undefined;
}
