import { fileURLToPath } from 'node:url';
import { type Core, canPin, cores } from './cores.ts';
import { runScript } from './node-process.ts';

/** What the load client is told. */
export interface Load {
  readonly url: string;
  /** Sent in turn. */
  readonly bodies: readonly string[];
  /** Sent with each, besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly connections: number;
  /** Not counted, at the beginning. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The process that answers, whose processor time and memory are read. */
  readonly pid: number;
  /** A shorter answer is a failure: the whole one was compared before. */
  readonly leastBytes: number;
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

/** Puts load on a server; on the load's own core unless told otherwise. */
export async function putLoad(load: Load, { isPinned }: { isPinned: boolean }): Promise<LoadFigures> {
  const core: Core | undefined = isPinned && canPin ? cores.load : undefined;
  return JSON.parse(await runScript(client, JSON.stringify(load), { core })) as LoadFigures;
}
