import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import { post } from '../../faults/post.ts';
import { atExit } from '../../support/clean-up.ts';
import { databaseOn } from '../../support/database.ts';
import { audience, issuer, makeKey, sign } from '../../support/identity-provider.ts';
import { medianOf } from '../../support/median.ts';
import { ask as sql } from '../../support/sql.ts';
import { startThrowAwayPostgres } from '../../support/throw-away-postgres.ts';
import { startWenshu } from '../support/wenshu.ts';
import { type HiddenCase, hiddenCases, type Which } from './cases.ts';
import { asker, purpose, rows } from './rows.ts';

/** Times of the hub for hidden and for absent rows. If they differ, the clock discloses hidden rows. */
export type HiddenFigure = {
  readonly what: string;
  readonly hiddenMs: number;
  readonly absentMs: number;
  /** The same question for the absent row, asked in turn with the others, as a measure of chance. */
  readonly absentAgainMs: number;
  /** Possible difference between the medians of two equal series. */
  readonly noiseMs: number;
};

const requestsEach = 200;
const warmUps = 60;

/** Asks the whole hub, all in one process, for hidden and for absent rows, in turns. */
export async function runHidden(say: (line: string) => void): Promise<HiddenFigure[]> {
  await using opening = new AsyncDisposableStack();
  const postgres = opening.use(await startThrowAwayPostgres());
  const url = databaseOn(postgres.url, 'hidden');
  await loadDataset(await migrate({ adminUrl: url }));
  await sql(url, rows);

  const folder = mkdtempSync(join(tmpdir(), 'wenshu-hidden-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  opening.defer(atExit(remove));
  opening.defer(remove);
  const key = await makeKey('bench');
  const JWKS = join(folder, 'keys.json');
  writeFileSync(JWKS, JSON.stringify({ keys: [key.open] }));
  const access = { ACCESS: '1', JWKS, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, AUDIT: '0' };
  const unlimited = { DEPARTMENT_RATE: '0', DEPARTMENT_QUOTA: '0', QUERY_COST: '1000000' };
  const env = {
    NODE_ENV: 'development',
    WENSHU_DATA: folder,
    DATABASE_URL: url,
    PORT: '0',
    ...access,
    ...unlimited,
  };
  const hub = opening.use(await startWenshu(['start'], { env }));

  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  opening.defer(() => agent.destroy());
  const token = await sign(key, { department: asker });
  const headers = { authorization: `Bearer ${token}`, 'x-wenshu-purpose': purpose };
  const ask = async (body: string): Promise<string> => {
    const reply = await post(hub.address, body, {
      agent,
      headers,
      timeoutMs: 10_000,
    });
    if (reply.kind !== 'answered' || reply.status !== 200) throw new Error(JSON.stringify(reply));
    return reply.text;
  };
  const figures: HiddenFigure[] = [];
  for (const each of hiddenCases) {
    say(`Measuring ${each.what} ...`);
    figures.push(await measure(each, ask));
  }
  return figures;
}

const series = ['hidden', 'absent', 'absent again'] as const;
type Series = (typeof series)[number];

async function measure(
  { what, query, idOf }: HiddenCase,
  ask: (body: string) => Promise<string>,
): Promise<HiddenFigure> {
  const bodyOf = (which: Which) => JSON.stringify({ query, variables: { id: idOf(which) } });
  const bodies: Readonly<Record<Series, string>> = {
    hidden: bodyOf('hidden'),
    absent: bodyOf('absent'),
    'absent again': bodyOf('absent'),
  };
  const seen = (text: string, which: Which) => text.replaceAll(idOf(which), 'id');
  const answers = [seen(await ask(bodies.hidden), 'hidden'), seen(await ask(bodies.absent), 'absent')];
  if (answers[0] !== answers[1])
    throw new Error(`${what} is answered otherwise than what is not there:\n${answers.join('\n')}`);

  const times: Record<Series, number[]> = { hidden: [], absent: [], 'absent again': [] };
  for (let turn = -warmUps; turn < requestsEach; turn++) {
    // Each series comes first, second and third equally often.
    for (let place = 0; place < series.length; place++) {
      const name = series[(place + turn + warmUps) % series.length] as Series;
      const startedAt = performance.now();
      await ask(bodies[name]);
      if (turn >= 0) times[name].push(performance.now() - startedAt);
    }
  }
  const { hidden, absent, 'absent again': again } = times;
  const medians = { hiddenMs: medianOf(hidden), absentMs: medianOf(absent), absentAgainMs: medianOf(again) };
  const apart = Math.abs(medians.absentMs - medians.absentAgainMs);
  return { what, ...medians, noiseMs: Math.max(apart, 3 * Math.hypot(errorOf(hidden), errorOf(absent))) };
}

/** Returns the standard error of the median of these times, for normally distributed times without outliers. */
function errorOf(times: readonly number[]): number {
  const median = medianOf(times);
  const deviation = 1.4826 * medianOf(times.map((time) => Math.abs(time - median)));
  return (1.2533 * deviation) / Math.sqrt(times.length);
}
