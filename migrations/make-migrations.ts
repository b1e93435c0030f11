import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memberNames } from '@wenshu/schema/subgraph-sdl.ts';

// npm run generate --workspace migrations [-- NAME ...] [--name add-opening-date] writes the SQL from the last migration to the tables in
// `subgraphs/NAME/tables.ts` and the files that it re-exports. The control plane's tables are in `gateway/control/tables.ts`.

const tablesOf = (name: string) =>
  new URL(
    name === 'hub' ? '../gateway/control/tables.ts' : `../subgraphs/${name}/tables.ts`,
    import.meta.url,
  );

const words = process.argv.slice(2);
const chosen = memberNames.filter((name) => words.includes(name));
const flags = words.filter((word) => !memberNames.some((name) => name === word));
if (!flags.includes('--name')) flags.push('--name', 'tables');

for (const name of chosen.length > 0 ? chosen : memberNames) {
  const { status } = spawnSync('drizzle-kit', ['generate', ...flags], {
    cwd: import.meta.dirname,
    env: { ...process.env, MEMBER: name, TABLES: fileURLToPath(tablesOf(name)) },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  tolerateSchema(name);
}

/** Makes the SQL accept an existing schema: the list of applied migrations is in it before the first one runs. */
function tolerateSchema(name: string) {
  const folder = new URL(`${name}/`, import.meta.url);
  for (const file of readdirSync(folder).filter((file) => file.endsWith('.sql'))) {
    const sql = readFileSync(new URL(file, folder), 'utf8');
    const tolerant = sql.replace(/CREATE SCHEMA (?=")/g, 'CREATE SCHEMA IF NOT EXISTS ');
    if (tolerant !== sql) writeFileSync(new URL(file, folder), tolerant);
  }
}
