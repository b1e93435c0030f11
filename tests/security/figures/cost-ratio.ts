import { asText, type Table } from '../../support/table.ts';
import { type CityHub, startCityDatabase, startCityHub } from './city.ts';
import { type DearQuestion, dearQuestions } from './dear-questions.ts';

// Prints the questions that use the most processor time for their cost: node tests/security/figures/cost-ratio.ts

const shown = 30;

interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly cost: number;
  /** Reason of the refusal. */
  readonly refusal: string;
}

const ratioOf = ({ seconds, cost }: Measured) => seconds / cost;

/** Measures the processor time of a question whose operation has been planned before; planning is measured separately. */
async function measure(hub: CityHub, warm: DearQuestion, question: DearQuestion): Promise<Measured> {
  const first = await ask(hub.url, warm);
  const before = hub.cpuSeconds();
  const { cost = first.cost ?? 1, refusal } = await ask(hub.url, question);
  return { name: question.name, seconds: hub.cpuSeconds() - before, cost, refusal };
}

interface Charged {
  readonly cost: number | undefined;
  readonly refusal: string;
}

async function ask(url: string, { query, variables, isExport }: DearQuestion): Promise<Charged> {
  const text = await post(new URL('/graphql', url), query, variables);
  const { errors, extensions } = JSON.parse(text);
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

/** Access control is off: the cost of a question is the same for all callers. */
const forEverybody = { NODE_ENV: 'development', ACCESS: '0' };

if (import.meta.main) {
  await using database = await startCityDatabase();
  await using hub = await startCityHub(database, forEverybody);
  console.log(asText(await costRatioFigures(hub)));
}
