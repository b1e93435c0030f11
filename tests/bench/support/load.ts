import { fileURLToPath } from 'node:url';
import { type Core, canPin, cores } from './cores.ts';
import { runScript } from './node-process.ts';

/** Where load goes. */
export interface Target {
  readonly url: string;
  /** Sent with each request, besides those that every one has. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The process that answers, whose processor time and memory are read. */
  readonly pid: number;
}

export interface Load {
  /** Sent in turn. */
  readonly bodies: readonly string[];
  readonly connections: number;
  /** Not counted, at the beginning. */
  readonly warmUpSeconds: number;
  /** Counted, for each target. */
  readonly seconds: number;
  /** A shorter answer is a failure: the whole one was compared before. */
  readonly leastBytes: number;
}

/** What the load client is told. */
export interface LoadInTurn extends Load {
  readonly targets: readonly Target[];
  /** How long each target has the load until the next one's turn. */
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
