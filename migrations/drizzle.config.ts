import { defineConfig } from 'drizzle-kit';

/** One configuration for all members: `make-migrations.ts` sets the database schema and the file of its tables. */
const { DATABASE = '', TABLES = '' } = process.env;

export default defineConfig({
  dialect: 'postgresql',
  schema: TABLES,
  out: DATABASE,
});
