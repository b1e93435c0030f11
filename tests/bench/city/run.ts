import { fileURLToPath } from 'node:url';
import { startThrowAwayPostgres } from '../../support/throw-away-postgres.ts';
import { startServer } from '../support/node-process.ts';
import { type Contestant, measure, type Outcome, type Timing } from '../support/rounds.ts';
import { startWenshu } from '../support/wenshu.ts';
import { ours } from '../wide/contestants.ts';
import { createCity } from './database.ts';
import { type Growth, measureGrowth } from './growth.ts';
import { ask360 } from './questions.ts';

const sizes = { small: 1_000, large: 100_000 } as const;
const rows = 50;
const connections = 16;
const serverSettings = { max_connections: '200', shared_buffers: '512MB' };

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Access control cannot be off in production. The city is synthetic, and only a trial hub reads synthetic rows by default. */
const forEverybody = { NODE_ENV: 'development', ACCESS: '0', TRIAL: '1' };

/** Starts `wenshu start`: gateway and subgraphs in one process, over an existing database, open to everybody like its peers. */
async function startHub(databaseUrl: string): Promise<Contestant> {
  const server = await startWenshu(['start'], {
    env: { DATABASE_URL: databaseUrl, PORT: '0', ...forEverybody },
  });
  return { name: ours, server, url: new URL('/graphql', server.address).href };
}

async function startSql(databaseUrl: string): Promise<Contestant> {
  const server = await startServer(fromHere('sql-server.ts'), [databaseUrl]);
  return { name: 'one SQL statement by hand', server, url: server.address };
}

export interface CityFigures {
  readonly enterprise360?: readonly Outcome[];
  readonly growth?: readonly Growth[];
}

/** Measures our hub, all in one process, over a large city and a small one. */
export async function runCity(
  asked: { readonly enterprise360: boolean; readonly growth: boolean },
  timing: Timing,
  say: (line: string) => void,
): Promise<CityFigures> {
  await using opening = new AsyncDisposableStack();
  const open = async (starting: Promise<Contestant>) => {
    const contestant = await starting;
    opening.use(contestant.server);
    return contestant;
  };
  const { url: serverUrl } = opening.use(await startThrowAwayPostgres(serverSettings));

  say(`Generating ${sizes.large.toLocaleString('en')} synthetic enterprises ...`);
  const largeUrl = await createCity(serverUrl, 'large', sizes.large);
  const large = await open(startHub(largeUrl));
  const sql = await open(startSql(largeUrl));

  let enterprise360: Outcome[] | undefined;
  if (asked.enterprise360) {
    say('Measuring 360 ...');
    const bodies = ask360(rows, sizes.large, 64);
    const asks = await Promise.all(
      bodies.map(async (body) => ({ body, data: await answerOf(sql.url, body) })),
    );
    enterprise360 = await measure([large, sql], { asks, connections, isPinned: false }, timing);
  }
  if (!asked.growth) return { ...(enterprise360 && { enterprise360 }) };

  const smallUrl = await createCity(serverUrl, 'small', sizes.small);
  const small = await open(startHub(smallUrl));
  say('Measuring growth ...');
  const growth = await measureGrowth({ small, large, sizes, rows }, timing);
  return { ...(enterprise360 && { enterprise360 }), growth };
}

async function answerOf(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body });
  if (!response.ok) throw new Error(`The statement fails: ${await response.text()}`);
  const { data } = (await response.json()) as { data: unknown };
  return data;
}
