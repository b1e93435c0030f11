import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from 'graphql';
import { atExit } from '../../support/clean-up.ts';
import { cores } from '../support/cores.ts';
import { startServer } from '../support/node-process.ts';
import { type Case, measure, type Outcome, type Timing } from '../support/rounds.ts';
import { startAccessLevels } from './access.ts';
import { classed } from './classed.ts';
import { type Field, startGateways } from './contestants.ts';
import { type Question, small, smallEach, wide } from './questions.ts';
import { supergraphOf } from './subgraphs.ts';

export const connections = 50;

const caseOf = (...questions: readonly Question[]): Case => ({
  asks: questions.map(({ query, variables, data }) => ({ body: JSON.stringify({ query, variables }), data })),
  connections,
  isPinned: true,
});

/** Seconds per turn: long enough to warm the processor's caches, and short compared with other activity of the machine. */
const sliceSeconds = 0.3;

export const cases = {
  wide: caseOf(wide),
  small: caseOf(small),
  access: { ...caseOf(small), sliceSeconds },
  'access-each': { ...caseOf(...smallEach), sliceSeconds },
} satisfies Readonly<Record<string, Case>>;
export type WideCase = keyof typeof cases;

/** The subgraphs as a process, and files with their supergraph: as it is, and with `@sharing` on every field. */
export type Shop = {
  /** Goes with the bench. */
  readonly folder: string;
  readonly supergraphFile: string;
  readonly classedFile: string;
};

export async function startShop(opening: AsyncDisposableStack): Promise<Shop> {
  const subgraphs = opening.use(
    await startServer(fileURLToPath(new URL('server.ts', import.meta.url)), [], { core: cores.load }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'wenshu-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  opening.defer(atExit(remove));
  opening.defer(remove);
  const supergraphFile = join(folder, 'supergraph.graphql');
  const classedFile = join(folder, 'classed.graphql');
  const supergraph = supergraphOf(subgraphs.address);
  writeFileSync(supergraphFile, print(supergraph));
  writeFileSync(classedFile, print(classed(supergraph)));
  return { folder, supergraphFile, classedFile };
}

/** True for cases of our own gateway alone, with more and more access control. */
export const isGoverned = (name: WideCase) => name.startsWith('access');

/** Measures one case after the other over the same subgraphs, with every gateway or ours alone. */
export async function runShop(
  names: readonly WideCase[],
  timing: Timing,
  say: (line: string) => void,
): Promise<Map<WideCase, Outcome[]>> {
  await using opening = new AsyncDisposableStack();
  const shop = await startShop(opening);
  const outcomes = new Map<WideCase, Outcome[]>();
  const runAll = async (
    these: readonly WideCase[],
    start: (started: AsyncDisposableStack) => Promise<Field>,
  ) => {
    if (these.length === 0) return;
    await using started = new AsyncDisposableStack();
    const { contestants, absent } = await start(started);
    for (const name of these) {
      say(`Measuring ${name} ...`);
      outcomes.set(name, [...(await measure(contestants, cases[name], timing)), ...absent]);
    }
  };
  const amongGateways = names.filter((name) => !isGoverned(name));
  await runAll(amongGateways, (started) => startGateways(shop.supergraphFile, started));
  await runAll(names.filter(isGoverned), (started) => startAccessLevels(shop, started));
  return outcomes;
}
