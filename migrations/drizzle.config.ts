import { defineConfig } from 'drizzle-kit';

/** One configuration for all: `make-migrations.ts` says by SUBGRAPH which one is meant. */
const name = process.env.SUBGRAPH ?? '';

export default defineConfig({
  dialect: 'postgresql',
  schema: `../subgraphs/${name}/tables.ts`,
  out: name,
});
