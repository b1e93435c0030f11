import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { asText, type Table } from '../support/table.ts';
import { signingFigures } from './figures.ts';

/** Each test in this folder is an attack, named for it; what passes has held. */
const outcomes = { passed: 'held', failed: 'BROKEN', skipped: 'not tried', pending: 'not tried' } as const;

/** Prints the attacks with their outcome, by the part that they are aimed at. */
class AttackTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const attacks = modules
      .toSorted((a, b) => a.moduleId.localeCompare(b.moduleId))
      .flatMap((module) => [...module.children.allTests()]);
    console.log(asText(tableOf(attacks)));
    const held = attacks.filter((attack) => attack.result().state === 'passed');
    console.log(`\n${attacks.length} attacks, ${held.length} held\n`);
    for (const attack of attacks) {
      for (const { stack, message } of attack.result().errors ?? [])
        console.error(attack.fullName, stack ?? message);
    }
    for (const error of [...unhandledErrors, ...modules.flatMap((module) => module.errors())])
      console.error(error);
  }
}

const tableOf = (attacks: readonly TestCase[]): Table => ({
  title: 'Attacks',
  head: ['attack', 'aimed at', 'outcome'],
  rows: attacks.map((attack) => [
    attack.name,
    basename(attack.module.moduleId, '.test.ts'),
    outcomes[attack.result().state],
  ]),
});

const root = fileURLToPath(new URL('..', import.meta.url));
const run = await startVitest('test', ['security/'], { root, watch: false, reporters: [new AttackTable()] });
await run.close();
console.log(asText(signingFigures()));
