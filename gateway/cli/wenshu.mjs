#!/usr/bin/env node
// Plain JavaScript: this file must run on old versions of Node, to ask for a newer one.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `wenshu needs Node 24, and this is Node ${major}. Run it with "npx wenshu", which brings its own.`,
  );
  process.exit(1);
}
// In one process with its Postgres, the hub should use little memory. On a large machine V8 reserves a young generation
// of 128 MB. A quarter of it costs some per cent of CPU time; a smaller one costs far more.
const small = ['--max-semi-space-size=32'];
if (process.argv[2] === 'start' && process.execve && !process.execArgv.includes(small[0])) {
  const { execPath, execArgv, argv, env } = process;
  process.execve(execPath, [execPath, ...small, ...execArgv, ...argv.slice(1)], env);
}
// Without this flag, V8 allocates objects of hot code in the old generation once many of them have survived a
// collection. Objects of one request die with it, but in the old generation they keep alive what they refer to, and
// each collection of the young generation then copies megabytes of answers that were sent long ago (bench case `wide`).
v8.setFlagsFromString('--no-allocation-site-pretenuring');
// Caches Node's compiled code, so that later starts are faster.
module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));
// Node parses the package.json of a package again for each of its ES modules and each import of it, and that of Drizzle
// has 180 KB: two seconds of processor time at each start. Its CommonJS files hold the same code, and are found once.
const drizzle = new Map();
module.registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!/^drizzle-orm(\/|$)/.test(specifier)) return nextResolve(specifier, context);
    const known = drizzle.get(specifier);
    const found = known ?? nextResolve(specifier, { ...context, conditions: ['require', 'node'] });
    drizzle.set(specifier, found);
    return { ...found, shortCircuit: true };
  },
});
await import('./main.ts');
