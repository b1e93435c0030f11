/** What this hub is to hold against, and the tests that show it by what they are called: `file test`. */
export const topics: readonly (readonly [topic: string, tests: RegExp])[] = [
  [
    'graphql-http audit, with an allowed caller',
    /graphql-over-http.* to a caller that it knows > (?!is held)/,
  ],
  [
    'tokens: alg none, confusion, unknown key, wrong audience, expired',
    /gateway\/access\/(departments|keys)/,
  ],
  ['forged internal headers, fields and inputs', /forged-headers|internal-fields/],
  [
    'direct calls of subgraphs, replay',
    /direct-calls|direct-process|mutual-tls|internal-fields\.test\.ts direct/,
  ],
  [
    'batching, floods of aliases, directives, fragments; recursion; huge lists',
    /security\/documents|batching/,
  ],
  ['operations named __schema, __proto__ keys', /__proto__|__schema/],
  ['GET mutations, CSRF, other methods', /GET mutation|CSRF|\/export: nothing is read/],
  ['gzip bombs, 10 MB bodies, slow headers and bodies, smuggling', /gzip bomb|10 MB|slow |smuggling|stalled/],
  ['SQL metacharacters in every argument', /SQL metacharacters/],
  ['log injection', /log injection|shows as it is/],
  ['rows of other regions and departments, by every route', /regions: |inference: |one plan for all/],
  ['inference through filters, orders, groups, counts and cursors', /inference: |forged cursors/],
  ['API keys: brute force, forgery, networks, scopes, revocation', /security\/keys|revoked: /],
  ['exports: formulas, rights, variables', /security\/exports/],
  ['exports: slots held while waiting', /security\/export-slots/],
  ['readers that take nothing, floods of connections', /security\/standing-readers/],
  ['GraphiQL: one-time links, sessions, CSRF', /security\/one-time-link/],
  ['planning taken from others', /security\/planning-share/],
  ['error texts that leak', /error-texts/],
  ['audit log: records lost after kill -9, tampering', /audit\/(crash|tampering)/],
];
