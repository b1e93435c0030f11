import { asText, type Table } from '../../support/table.ts';
import { type CityHub, startCityDatabase, startCityHub } from './city.ts';
import { type DearQuestion, dearQuestions } from './dear-questions.ts';

// Prints which questions use the most processor time for what they are said to cost: node tests/security/figures/cost-ratio.ts

const shown = 30;

interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly cost: number;
  /** Why it was not answered. */
  readonly refusal: string;
}

const ratioOf = ({ seconds, cost }: Measured) => seconds / cost;

/** The processor time of a question whose operation is known already: planning it is counted by itself. */
async function measure(hub: CityHub, warm: DearQuestion, question: DearQuestion): Promise<Measured> {
  const first = await ask(hub.url, warm);
  const before = hub.cpuSeconds();
  const { cost = first.cost ?? 1, refusal } = await ask(hub.url, question);
  return { name: question.name, seconds: hub.cpuSeconds() - before, cost, refusal };
}

interface Told {
  readonly cost: number | undefined;
  readonly refusal: string;
}

async function ask(url: string, { query, variables, isExport }: DearQuestion): Promise<Told> {
  const told = await post(new URL('/graphql', url), query, variables);
  const { errors, extensions } = JSON.parse(told);
  if (isExport) await post(new URL('/export', url), query, variables);
  return { cost: extensions?.explain.cost, refusal: errors?.[0]?.extensions.code ?? '' };
}

async function post(url: URL, query: string, variables?: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-wenshu-explain': '1' },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}

export async function costRatioFigures(hub: CityHub): Promise<Table> {
  const measured: Measured[] = [];
  const warm = dearQuestions(0);
  for (const [i, question] of dearQuestions(1).entries()) {
    measured.push(await measure(hub, warm[i] ?? question, question));
  }
  const dearest = measured.toSorted((a, b) => ratioOf(b) - ratioOf(a)).slice(0, shown);
  return {
    title: `The ${shown} questions that use the most processor time for their cost, of ${measured.length}`,
    head: ['question', 's per unit of cost', 's', 'cost', 'refused or broken off'],
    rows: dearest.map((each) => [
      each.name,
      ratioOf(each).toFixed(3),
      each.seconds.toFixed(2),
      String(each.cost),
      each.refusal,
    ]),
  };
}

/** Everybody may ask: what a question costs is the same for all. */
const forEverybody = { NODE_ENV: 'development', ACCESS: '0' };

if (import.meta.main) {
  await using database = await startCityDatabase();
  await using hub = await startCityHub(database, forEverybody);
  console.log(asText(await costRatioFigures(hub)));
}
