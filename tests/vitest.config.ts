import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { findMemoryFolder } from './support/memory-folder.ts';
import { PlainCount } from './support/reporter.ts';
import { SlowestFirst } from './support/slowest-first.ts';

// Each copy of a database is some hundred small files: on a disk they cost four times the processor time that they cost in
// memory. The benchmarks, which measure the disk too, do not read this file.
const inMemory = findMemoryFolder();
if (inMemory) process.env.TMPDIR ??= inMemory;

const { resolve } = createRequire(import.meta.url);

/** Packages that are imported by the path that `require` finds. */
const asCommonJs = [
  // Vite would give our own files graphql's .mjs and leave its libraries the .js: two graphqls, whose types differ.
  'graphql',
  // As `wenshu.mjs` does, for the same reason: each worker would spend two seconds on it.
  ...['drizzle-orm', 'drizzle-orm/migrator', 'drizzle-orm/pg-core'],
  ...['drizzle-orm/postgres-js', 'drizzle-orm/postgres-js/migrator'],
];

export default defineConfig({
  resolve: {
    alias: asCommonJs.map((name) => ({ find: new RegExp(`^${name}$`), replacement: resolve(name) })),
  },
  test: {
    globalSetup: './support/shared-postgres.ts',
    setupFiles: ['./support/random-seed.ts', './support/both-languages.ts'],
    include: ['**/*.test.ts'],
    reporters: ['default', new PlainCount()],
    // A worker loads the modules once for all its files: no file may leave anything behind in them.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    // Vitest would leave one core to itself, which needs none.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
