import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from '../../support/clean-up.ts';
import { cores } from '../support/cores.ts';
import { startServer } from '../support/node-process.ts';
import { type Case, measure, type Outcome, type Timing } from '../support/rounds.ts';
import { startGateways } from './contestants.ts';
import { type Question, small, wide } from './questions.ts';
import { supergraphOf } from './subgraphs.ts';

export const connections = 50;

const caseOf = ({ query, data }: Question): Case => ({
  asks: [{ body: JSON.stringify({ query }), data }],
  connections,
  isPinned: true,
});

export const cases = { wide: caseOf(wide), small: caseOf(small) };
export type WideCase = keyof typeof cases;

/** The subgraphs as a process, and a file with their supergraph. */
export async function startShop(opening: AsyncDisposableStack): Promise<{ supergraphFile: string }> {
  const subgraphs = opening.use(
    await startServer(fileURLToPath(new URL('server.ts', import.meta.url)), [], { core: cores.load }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'wenshu-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  opening.defer(atExit(remove));
  opening.defer(remove);
  const supergraphFile = join(folder, 'supergraph.graphql');
  writeFileSync(supergraphFile, supergraphOf(subgraphs.address));
  return { supergraphFile };
}

/** Every gateway over the same subgraphs, one case after the other. */
export async function runShop(
  names: readonly WideCase[],
  timing: Timing,
  say: (line: string) => void,
): Promise<Map<WideCase, Outcome[]>> {
  await using opening = new AsyncDisposableStack();
  const { supergraphFile } = await startShop(opening);
  const { contestants, absent } = await startGateways(supergraphFile, opening);
  const outcomes = new Map<WideCase, Outcome[]>();
  for (const name of names) {
    say(`Measuring ${name} ...`);
    outcomes.set(name, [...(await measure(contestants, cases[name], timing)), ...absent]);
  }
  return outcomes;
}
