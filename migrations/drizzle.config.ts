import { defineConfig } from 'drizzle-kit';

/** One configuration for all members: `make-migrations.ts` sets the member of the graph and the file of its tables. */
const { MEMBER = '', TABLES = '' } = process.env;

export default defineConfig({
  dialect: 'postgresql',
  schema: TABLES,
  out: MEMBER,
});
