import { fileURLToPath } from 'node:url';
import { type Core, canPin, cores } from './cores.ts';
import { runScript } from './node-process.ts';

/** Target of the load. */
export interface Target {
  readonly url: string;
  /** Further headers of each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Process id of the server, for its processor time and memory. */
  readonly pid: number;
}

export interface Load {
  /** Bodies, sent in turn. */
  readonly bodies: readonly string[];
  readonly connections: number;
  /** Seconds at the beginning that are not counted. */
  readonly warmUpSeconds: number;
  /** Seconds that are counted, for each target. */
  readonly seconds: number;
  /** Minimum size of an answer; a shorter one is a failure. The whole answer was compared before. */
  readonly leastBytes: number;
}

/** Input of the load client. */
export interface LoadInTurn extends Load {
  readonly targets: readonly Target[];
  /** Seconds of load on each target before the next one's turn. */
  readonly sliceSeconds: number;
}

export interface LoadFigures {
  readonly requests: number;
  readonly failures: number;
  readonly requestsPerSecond: number;
  readonly cpuMsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssBytes: number;
}

const client = fileURLToPath(new URL('load-client.ts', import.meta.url));

/** On the load's own core, or wherever there is room. */
type Pinning = { readonly isPinned: boolean };

/** Puts load on one server. */
export async function putLoad(target: Target, load: Load, pinning: Pinning): Promise<LoadFigures> {
  const [figures] = await putLoadInTurn({ ...load, targets: [target], sliceSeconds: load.seconds }, pinning);
  if (!figures) throw new Error('The load client has printed no figures.');
  return figures;
}

/**
 * Puts load on one server after the other, again and again, so that what the machine does beside it is met by all
 * alike. Resolves to their figures in the order of the targets.
 */
export async function putLoadInTurn(load: LoadInTurn, { isPinned }: Pinning): Promise<LoadFigures[]> {
  const core: Core | undefined = isPinned && canPin ? cores.load : undefined;
  return JSON.parse(await runScript(client, JSON.stringify(load), { core })) as LoadFigures[];
}
