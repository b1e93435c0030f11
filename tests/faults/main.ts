import { describeMachine } from '../support/machine.ts';
import { startCity } from './city.ts';
import { startCityDatabase } from './city-database.ts';
import { readOptions } from './options.ts';
import { describeOutcome, isPassed, type Outcome, table } from './report.ts';
import { runScenario } from './run.ts';
import { scenariosOver } from './scenarios.ts';

const { only, isList } = readOptions(process.argv.slice(2));
const say = (line: string) => console.log(line);

try {
  await run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

async function run() {
  const startedAt = performance.now();
  await using database = await startCityDatabase();
  const scenarios = scenariosOver(database).filter(({ name }) => name.includes(only));
  if (isList || scenarios.length === 0) {
    for (const { name } of scenariosOver(database)) say(name);
    return;
  }
  await using city = await startCity(database.urls);
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const outcome = await runScenario(scenario, city);
    say(describeOutcome(outcome));
    outcomes.push(outcome);
  }
  say(`\n${table(outcomes)}\n`);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const missed = outcomes.filter((outcome) => !isPassed(outcome)).length;
  say(
    `${outcomes.length - missed} of ${outcomes.length} scenarios meet every bar; ${seconds} s; ${describeMachine()}.`,
  );
  if (missed > 0) process.exitCode = 1;
}
