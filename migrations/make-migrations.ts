import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memberNames } from '@wenshu/schema/subgraph-sdl.ts';
import { databaseNameOf, databaseNames } from './database-names.ts';

// npm run generate --workspace migrations [-- NAME ...] [--name add-opening-date] writes the SQL from the last migration to the tables in
// `subgraphs/NAME/tables.ts` and the files that it re-exports. The control plane's tables are in `gateway/control/tables.ts`.

const tablesOf = (name: string) =>
  new URL(
    name === 'control' ? '../gateway/control/tables.ts' : `../subgraphs/${name}/tables.ts`,
    import.meta.url,
  );

const words = process.argv.slice(2);
const chosen = memberNames.filter((member) => words.includes(databaseNameOf(member)));
const flags = words.filter((word) => !databaseNames.some((name) => name === word));
if (!flags.includes('--name')) flags.push('--name', 'tables');

for (const member of chosen.length > 0 ? chosen : memberNames) {
  const name = databaseNameOf(member);
  const { status } = spawnSync('drizzle-kit', ['generate', ...flags], {
    cwd: import.meta.dirname,
    env: { ...process.env, DATABASE: name, TABLES: fileURLToPath(tablesOf(member)) },
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
