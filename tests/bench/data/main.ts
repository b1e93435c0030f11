import { startPostgres } from '@wenshu/migrations/postgres.ts';
import postgres from 'postgres';
import { startThrowAwayPostgres } from '../../support/throw-away-postgres.ts';
import { startWenshu } from '../support/wenshu.ts';
import { type Asked, ask } from './asks.ts';
import { type City, openCity } from './city.ts';
import { type Exported, exportAll } from './exports.ts';
import { type PartName, readOptions } from './options.ts';
import { aggregates, pages, type Question, tables } from './questions.ts';
import { type Figures, save, show } from './report.ts';

const options = readOptions(process.argv.slice(2));
const settings = { max_connections: '200', shared_buffers: '512MB' };
const say = (line: string) => console.log(line);

await using server = options.keep
  ? await startPostgres({ dataFolder: options.keep, isDurable: false, settings, say })
  : await startThrowAwayPostgres(settings);
const cities: City[] = [];
for (const size of options.sizes) {
  say(`Making a city of ${size.toLocaleString('en')} enterprises, where it is not there yet ...`);
  cities.push(await openCity(server.url, size));
}
const figures: Figures[] = [];
for (const city of cities) figures.push(await measure(city));
say(show(figures, options));
say(`\nThe same as Markdown: ${save(figures, options)}`);

/** Measures the hub, all in one process and open to everybody, which it is not in production. */
async function measure({ enterprises, url }: City): Promise<Figures> {
  const env = { DATABASE_URL: url, PORT: '0', NODE_ENV: 'development', ACCESS: '0', TRIAL: '1' };
  const startHub = () => startWenshu(['start'], { env });
  await using hub = await startHub();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const each = async <T>(
    part: PartName,
    questions: readonly Question[],
    work: (question: Question) => Promise<T>,
    brief: (result: T) => string,
  ) => {
    const results = new Map<string, T>();
    for (const question of options.only.has(part) ? questions : []) {
      const result = await work(question);
      say(`${enterprises.toLocaleString('en')}, ${question.name}: ${brief(result)}`);
      results.set(question.name, result);
    }
    return results;
  };
  const askBoth = (question: Question) => ask(hub.address, sql, question, options);
  const exportTable = (table: Question) => exportAll(startHub, url, table, options.rounds);
  try {
    return {
      enterprises,
      pages: await each('pages', pages, askBoth, briefly),
      aggregates: await each('aggregates', aggregates, askBoth, briefly),
      exports: await each('exports', tables, exportTable, brieflyOfExports),
    };
  } finally {
    await sql.end();
  }
}

function briefly({ hub, sql }: Asked): string {
  return `${hub.p50Ms.toFixed(1)} ms, SQL ${sql.p50Ms.toFixed(1)} ms`;
}

function brieflyOfExports(all: readonly Exported[]): string {
  return all.map(({ format, rowsPerSecond }) => `${format} ${rowsPerSecond.toFixed(0)} rows/s`).join(', ');
}
