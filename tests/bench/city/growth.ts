import { medianOf } from '../../support/median.ts';
import { type Load, putLoad } from '../support/load.ts';
import type { Contestant, Timing } from '../support/rounds.ts';
import { ask360, askPage } from './questions.ts';

/** Growth of the time with the amount of data. */
export interface Growth {
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Maximum ratio. */
  readonly limit: number;
}

interface Cities {
  readonly small: Contestant;
  readonly large: Contestant;
  readonly sizes: { readonly small: number; readonly large: number };
  readonly rows: number;
}

/** Times the hub alone, one request after the other: ten times the rows, and a hundred times the table. */
export async function measureGrowth(
  { small, large, sizes, rows }: Cities,
  timing: Timing,
): Promise<Growth[]> {
  const pageOf = (size: number) => ask360(rows, size, 32);
  const comparisons: readonly Comparison[] = [
    {
      what: `360, ${rows} rows → ${rows * 10} rows`,
      limit: 11,
      from: [large, pageOf(sizes.large)],
      to: [large, ask360(rows * 10, sizes.large, 32)],
    },
    {
      what: '360, the same page of a table 100 × as large',
      limit: 1.5,
      from: [small, pageOf(sizes.small)],
      to: [large, pageOf(sizes.large)],
    },
    {
      what: 'a list in order, the same page of a table 100 × as large',
      limit: 1.5,
      from: [small, askPage()],
      to: [large, askPage()],
    },
  ];
  const results: Growth[] = [];
  for (const { what, limit, from, to } of comparisons) {
    await refuseErrors(from);
    await refuseErrors(to);
    const fromMs: number[] = [];
    const toMs: number[] = [];
    await typicalMs(from, timing.seconds);
    await typicalMs(to, timing.seconds);
    for (let round = 0; round < timing.rounds; round++) {
      fromMs.push(await typicalMs(from, timing.seconds / 2));
      toMs.push(await typicalMs(to, timing.seconds / 2));
    }
    results.push({ what, limit, fromMs: medianOf(fromMs), toMs: medianOf(toMs) });
  }
  return results;
}

type Asked = readonly [contestant: Contestant, bodies: readonly string[]];

interface Comparison {
  readonly what: string;
  readonly limit: number;
  readonly from: Asked;
  readonly to: Asked;
}

async function typicalMs([{ url, server }, bodies]: Asked, seconds: number): Promise<number> {
  const load: Load = { bodies, connections: 1, warmUpSeconds: 0.5, seconds, leastBytes: 1_000 };
  const { p50Ms, failures } = await putLoad({ url, pid: server.pid }, load, { isPinned: false });
  if (failures > 0) throw new Error(`${failures} of the answers failed.`);
  return p50Ms;
}

async function refuseErrors([{ url }, bodies]: Asked): Promise<void> {
  for (const body of bodies) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { errors } = (await response.json()) as { errors?: { message: string }[] };
    if (errors) throw new Error(`The hub answers: ${errors[0]?.message}`);
  }
}
