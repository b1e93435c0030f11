import type { CityDatabase } from './city-database.ts';
import { outageScenario } from './outage.ts';
import type { Scenario } from './scenario.ts';
import * as answers from './scenarios/answer-outages.ts';
import { changeScenarios } from './scenarios/changes.ts';
import { overloaded } from './scenarios/overloaded.ts';
import * as processes from './scenarios/process-outages.ts';
import { reloaded } from './scenarios/reloaded.ts';
import { terminated } from './scenarios/terminated.ts';

/** Every scenario, in the order of the table. */
export const scenariosOver = (database: CityDatabase): readonly Scenario[] => [
  ...[
    processes.killed,
    processes.stopped,
    answers.slow,
    answers.resetting,
    answers.truncated,
    answers.notJson,
    answers.large,
    answers.tooFewEntities,
    answers.misorderedEntities,
    answers.entitiesOfAnotherType,
    processes.databaseRestarted(database),
    processes.databaseGone(database),
  ].map((outage) => outageScenario(outage)),
  terminated,
  reloaded,
  overloaded,
  ...changeScenarios(database),
];
