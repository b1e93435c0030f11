#!/usr/bin/env node
// Plain JavaScript: it must run on the Node that it tells people to replace.
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
// All in one process beside its Postgres, the hub should be small. On a big machine V8 gives it a young generation of
// 128 MB; one of a quarter of that, as here, costs some per cent of processor time, and a smaller one very much more.
const small = ['--max-semi-space-size=32'];
if (process.argv[2] === 'start' && process.execve && !process.execArgv.includes(small[0])) {
  const { execPath, execArgv, argv, env } = process;
  process.execve(execPath, [execPath, ...small, ...execArgv, ...argv.slice(1)], env);
}
// V8 would come to allocate what hot code makes among the old objects, once much of it has outlived a collection. What
// belongs to one request dies with it, but in the old generation nobody notices: it keeps alive what it refers to, and
// each collection of the young one copies megabytes of answers that have long left.
v8.setFlagsFromString('--no-allocation-site-pretenuring');
// Keeps what Node makes of our files, so that the second start is quicker than the first.
module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));
await import('./main.ts');
