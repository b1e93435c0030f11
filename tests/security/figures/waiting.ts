import { makeKey, sign, startIdentityProvider } from '../../support/identity-provider.ts';
import { medianOf } from '../../support/median.ts';
import { asText, type Table } from '../../support/table.ts';
import { startCityDatabase, startCityHub } from './city.ts';
import { type DearQuestion, dearQuestions } from './dear-questions.ts';

// Prints how long others wait while one viewer asks the ten dearest questions: node tests/security/figures/waiting.ts

const dearest = 10;
const seconds = { unattacked: 10, attacked: 40 } as const;
const small = '{ enterprises(first: 5) { nodes { nameZh } } }';

/** Returns ten questions that each keep one agency busy as long as the limits allow. */
const attackOf = (round: number): DearQuestion[] =>
  dearQuestions(round)
    .filter(({ name }) => name.startsWith('enterprises: ') && / 190 /.test(name))
    .slice(0, dearest);

type Headers = Readonly<Record<string, string>>;

async function post(url: string, headers: Headers, { query, variables }: DearQuestion, signal?: AbortSignal) {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
    ...(signal && { signal }),
  });
  return response.json();
}

/** Returns the latencies of a small question in milliseconds, repeated for this many seconds. */
async function askFor(forSeconds: number, url: string, headers: Headers): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + forSeconds * 1000;
  for (let start = performance.now(); start < end; start = performance.now()) {
    const { errors } = await post(url, headers, { name: 'small', query: small });
    if (errors) throw new Error(JSON.stringify(errors));
    took.push(performance.now() - start);
  }
  return took;
}

/** Asks all questions at once, and each again after its answer, until `signal` aborts. */
async function attack(url: string, headers: Headers, signal: AbortSignal): Promise<void> {
  const askOn = async (at: number) => {
    for (let round = 0; !signal.aborted; round++) {
      const question = attackOf(round)[at % attackOf(round).length];
      if (question) await post(url, headers, question, signal).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: dearest }, (_, i) => askOn(i)));
}

export async function waitingFigures(url: string, viewer: Headers, other: Headers): Promise<Table> {
  await askFor(1, url, other);
  const before = await askFor(seconds.unattacked, url, other);
  const controller = new AbortController();
  const attacking = attack(url, viewer, controller.signal);
  const during = await askFor(seconds.attacked, url, other);
  controller.abort();
  await attacking;
  const row = (name: string, took: readonly number[]) => [
    name,
    String(took.length),
    medianOf([...took]).toFixed(1),
    Math.max(...took).toFixed(1),
  ];
  const wait = Math.max(0, Math.max(...during) - Math.max(...before)) / 1000;
  return {
    title: `A small question while one viewer asks the ${dearest} dearest of the same agency: ms`,
    head: ['', 'asked', 'median', 'longest'],
    rows: [
      row('alone', before),
      row('attacked', during),
      ['others wait', `${wait.toFixed(2)} s at most, beyond the longest time alone`],
    ],
  };
}

if (import.meta.main) {
  const key = await makeKey('k1');
  await using provider = await startIdentityProvider(key);
  const { jwks, issuer, audience } = provider.options;
  await using database = await startCityDatabase();
  await using hub = await startCityHub(database, {
    NODE_ENV: 'development',
    JWKS: String(jwks),
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
  });
  const headersOf = async (department: string, sub: string) => ({
    authorization: `Bearer ${await sign(key, { department, role: 'viewer', sub })}`,
  });
  const viewer = await headersOf('MARKET_REGULATION', 'mallory');
  console.log(asText(await waitingFigures(hub.url, viewer, await headersOf('PROPAGANDA', 'alice'))));
}
