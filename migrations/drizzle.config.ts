import { defineConfig } from 'drizzle-kit';

/** One configuration for all: `make-migrations.ts` says which member of the graph is meant, and where its tables are. */
const { MEMBER = '', TABLES = '' } = process.env;

export default defineConfig({
  dialect: 'postgresql',
  schema: TABLES,
  out: MEMBER,
});
