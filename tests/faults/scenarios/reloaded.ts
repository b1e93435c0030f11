import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createDataFolder } from '../../support/data-folder.ts';
import { type City, supergraphFile } from '../city.ts';
import { startLoad } from '../load.ts';
import { post } from '../post.ts';
import { type Figure, note, type Scenario, tally } from '../scenario.ts';

/** So that requests begin under one supergraph and end under the next. */
const delayMs = 100;
const warmUpMs = 1_500;
const load = { connections: 5, pauseMs: 10 };
const noticeMostMs = 10_000;
/** Time to notice a supergraph that is to be refused. */
const brokenMs = 3_000;

const changedText = 'A park, told anew.';

export const reloaded: Scenario = {
  name: 'supergraph replaced: good, broken, good',
  async run(city) {
    const good = await readFile(supergraphFile, 'utf8');
    const other = good.replace(/"""[^"]*"""(?=\s*type Park\b)/, `"""${changedText}"""`);
    await using folder = await createDataFolder();
    const file = join(folder.path, 'supergraph.graphql');
    await writeFile(file, good);

    await using gateway = await city.startGateway({ supergraphFile: file });
    const { page, single } = city.questions;
    const questions = [page(['party']), page([]), ...single];
    city.partyProxy.fault = { kind: 'slow', delayMs };
    const running = startLoad(gateway.origin, { ...load, questions });
    await wait(warmUpMs);
    const goodText = await parkText(gateway.origin);
    const isServed = (text: string | undefined) =>
      timeUntil(async () => (await parkText(gateway.origin)) === text);

    await replace(file, other);
    const first = await isServed(changedText);
    // Written in place, as a copy that was cut off.
    await writeFile(file, good.slice(0, good.length / 2));
    await wait(brokenMs);
    const kept = (await parkText(gateway.origin)) === changedText;
    const startedFromLastGood = await startsOver(city, file);
    await replace(file, good);
    const second = await isServed(goodText);

    await wait(500);
    const exchanges = await running.stop();
    city.partyProxy.fault = { kind: 'none' };
    return [
      ...tally(exchanges),
      served('the second', first),
      note('the broken one refused', kept && /supergraph/i.test(gateway.output())),
      note('a gateway started meanwhile serves the last good one', startedFromLastGood),
      served('the first again', second),
    ];
  },
};

async function startsOver(city: City, supergraphFile: string): Promise<boolean> {
  await using gateway = await city.startGateway({ supergraphFile });
  return (await parkText(gateway.origin)) === changedText;
}

const served = (which: string, ms: number | undefined): Figure =>
  note(
    ms === undefined ? `${which} never served` : `${which} served after ${Math.round(ms)} ms`,
    ms !== undefined,
  );

/** Callers see the whole old file or the whole new one. */
async function replace(file: string, text: string) {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function timeUntil(isSo: () => Promise<boolean>): Promise<number | undefined> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > noticeMostMs) return undefined;
    await wait(10);
  }
  return performance.now() - startedAt;
}

/** What the public schema says a park is, by which one supergraph is told from another. */
async function parkText(origin: string): Promise<string | undefined> {
  const body = JSON.stringify({ query: '{ __type(name: "Park") { description } }' });
  const reply = await post(origin, body, { timeoutMs: 5_000 });
  return reply.kind === 'answered' ? JSON.parse(reply.text).data?.__type?.description : undefined;
}
