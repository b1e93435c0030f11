import { spawnSync } from 'node:child_process';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { asText, type Table } from '../support/table.ts';
import { signingFigures } from './figures/signing.ts';
import { topics } from './topics.ts';

/** Each test in this folder is an attack, named for it; what passes has held. */
const outcomes = { passed: 'held', failed: 'BROKEN', skipped: 'not tried', pending: 'not tried' } as const;

/** Prints the attacks with their outcome, by the part that they are aimed at. */
class AttackTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules
      .toSorted((a, b) => a.moduleId.localeCompare(b.moduleId))
      .flatMap((module) => [...module.children.allTests()]);
    const attacks = tests.filter((test) => !placeOf(test).startsWith(audits));
    console.log(asText(tableOf(attacks)));
    const held = attacks.filter((attack) => attack.result().state === 'passed');
    console.log(`\n${attacks.length} attacks, ${held.length} held\n`);
    console.log(`${asText(tableOfTopics(tests))}\n`);
    for (const attack of tests) {
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

const placeOf = ({ module, fullName }: TestCase) => `${relative(root, module.moduleId)} ${fullName}`;

const tableOfTopics = (tests: readonly TestCase[]): Table => ({
  title: 'By what is to be held against',
  head: ['', 'held', 'of'],
  rows: topics.map(([topic, shownBy]) => {
    const tried = tests.filter((test) => shownBy.test(placeOf(test)));
    const held = tried.filter((attack) => attack.result().state === 'passed');
    return [topic, String(held.length), String(tried.length)];
  }),
});

const root = fileURLToPath(new URL('..', import.meta.url));

/** No attacks: whether the protocol is kept. */
const audits = 'gateway/graphql-over-http';

/** Beside this folder: what else is an attack, or the audit of the protocol. */
const files = ['security/', 'gateway/access/', audits, 'audit/crash', 'audit/tampering'];

/**
 * Some minutes of measuring: keys and their revocation, audit records and what they add to an answer, what questions take
 * for their cost, how long others wait for one who asks the dearest,
 * what readers who take nothing cost.
 */
const figures = [
  'bench/keys/main.ts',
  'bench/audit.ts',
  'security/figures/cost-ratio.ts',
  'security/figures/waiting.ts',
  'security/figures/standing-readers.ts',
];

const { values } = parseArgs({ options: { figures: { type: 'boolean', default: false } } });
const run = await startVitest('test', files, { root, watch: false, reporters: [new AttackTable()] });
await run.close();
console.log(asText(signingFigures()));
if (values.figures) {
  for (const file of figures) {
    console.log('');
    spawnSync(process.execPath, [join(root, file)], { stdio: 'inherit' });
  }
} else console.log('\nMore figures, in some minutes: npm run security -- --figures');
