import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asText } from '../../support/table.ts';
import { putLoad } from '../support/load.ts';
import { checkAnswers } from '../support/rounds.ts';
import { ours, startOurs } from './contestants.ts';
import { cases, connections, startShop } from './run.ts';

const shown = 25;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = fileURLToPath(new URL('../results/', import.meta.url));

/** Profiles our gateway on `wide`, and prints where it spends its own time. The profile opens in Chrome's DevTools. */
export async function profileWide(seconds: number, say: (line: string) => void): Promise<void> {
  const profileFolder = join(folder, 'profile');
  rmSync(profileFolder, { recursive: true, force: true });
  mkdirSync(profileFolder, { recursive: true });
  await using opening = new AsyncDisposableStack();
  const { supergraphFile } = await startShop(opening);
  const server = await startOurs(supergraphFile, {
    flags: ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`],
  });
  opening.defer(() => server[Symbol.asyncDispose]());
  const url = new URL('/graphql', server.address).href;
  const fault = await checkAnswers({ name: ours, server, url }, cases.wide);
  if (fault) throw new Error(fault);

  const measuredSeconds = seconds * 2;
  say('Profiling wide ...');
  const bodies = cases.wide.asks.map(({ body }) => body);
  const figures = await putLoad(
    { url, pid: server.pid },
    { bodies, connections, warmUpSeconds: seconds, seconds: measuredSeconds, leastBytes: 1 },
    { isPinned: true },
  );
  // The profile is written when the process ends.
  await server[Symbol.asyncDispose]();
  const file = readdirSync(profileFolder).find((name) => name.endsWith('.cpuprofile'));
  if (!file) throw new Error('The gateway has left no profile.');
  const path = join(profileFolder, file);
  say(`${figures.cpuMsPerRequest.toFixed(3)} ms of processor time a request, with the profiler's own.\n`);
  say(topOf(JSON.parse(readFileSync(path, 'utf8')) as CpuProfile, measuredSeconds));
  say(`\nThe profile: ${path}`);
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Time differences in microseconds, like the times. */
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
}

/** Returns the functions with most time in the last seconds, without start and warm-up. */
function topOf({ nodes, samples, timeDeltas, startTime, endTime }: CpuProfile, lastSeconds: number): string {
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      { what: `${functionName || '(anonymous)'}  ${placeOf(url, lineNumber)}`.trim(), file: fileOf(url) },
    ]),
  );
  const byFunction = new Map<string, number>();
  const byFile = new Map<string, number>();
  let total = 0;
  let now = startTime;
  samples.forEach((id, i) => {
    const name = nameOf.get(id);
    const time = timeDeltas[i] ?? 0;
    now += time;
    if (!name || name.what === '(idle)' || now < endTime - lastSeconds * 1_000_000) return;
    total += time;
    byFunction.set(name.what, (byFunction.get(name.what) ?? 0) + time);
    byFile.set(name.file, (byFile.get(name.file) ?? 0) + time);
  });
  const rowsOf = (times: ReadonlyMap<string, number>) =>
    [...times]
      .sort(([, a], [, b]) => b - a)
      .slice(0, shown)
      .map(([what, time]) => [what, ((100 * time) / total).toFixed(1)]);
  return [
    asText({ title: 'Self time by function', head: ['', '%'], rows: rowsOf(byFunction) }),
    asText({ title: 'Self time by file or package', head: ['', '%'], rows: rowsOf(byFile) }),
  ].join('\n\n');
}

const placeOf = (url: string, line: number) => (url ? `${pathOf(url)}:${line + 1}` : '');

const pathOf = (url: string) =>
  (url.startsWith('file:') ? fileURLToPath(url) : url).replace(root, '').replace('node_modules/', '');

/** Returns our own files one by one, packages as a whole. */
function fileOf(url: string): string {
  if (!url) return '(V8 and native code)';
  const inPackage = url.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
  if (inPackage) return inPackage;
  return url.startsWith('node:') ? (url.split('/')[0] ?? url) : pathOf(url);
}
