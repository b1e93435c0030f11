#!/usr/bin/env node
// Plain JavaScript: it must run on the Node that it tells people to replace.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `wenshu needs Node 24, and this is Node ${major}. Run it with "npx wenshu", which brings its own.`,
  );
  process.exit(1);
}
// Keeps what Node makes of our files, so that the second start is quicker than the first.
module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));
await import('./main.ts');
