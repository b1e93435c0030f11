import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { PlainCount } from './support/reporter.ts';

export default defineConfig({
  // Vite would give our own files graphql's .mjs and leave its libraries the .js: two graphqls, whose types differ.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    globalSetup: './support/shared-postgres.ts',
    include: ['**/*.test.ts'],
    reporters: ['default', new PlainCount()],
    // A worker loads the modules once for all its files: no file may leave anything behind in them.
    isolate: false,
    // Vitest would leave one core to itself, which needs none.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
