import type { City } from './city.ts';
import type { Outcome } from './report.ts';
import type { Figure, Scenario } from './scenario.ts';

/** Runs a scenario to its end, however it ends. No process may have crashed meanwhile. */
export async function runScenario(scenario: Scenario, city: City): Promise<Outcome> {
  const crashesBefore = city.crashes.length;
  const figures = await scenario
    .run(city)
    .catch((error): Figure[] => [{ name: 'note', text: String(error?.stack ?? error), isMet: false }]);
  const crashes = city.crashes.slice(crashesBefore);
  const crashed: Figure = {
    name: 'crashes',
    text: String(crashes.length),
    isMet: crashes.length === 0,
    why: crashes[0],
  };
  return { name: scenario.name, figures: [...figures, crashed] };
}
