import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const hasTaskset = spawnSync('taskset', ['--version']).error === undefined;

/** True if the gateway under test can have its own core. */
export const canPin = hasTaskset && availableParallelism() > 1;

/** One core is for the gateway under test, another for the load and the subgraphs. */
export const cores = { gateway: 0, load: 1 } as const;

export type Core = (typeof cores)[keyof typeof cores];

/** Returns the command that runs Node, on one core if requested and possible. */
export function nodeCommand(core: Core | undefined): [program: string, ...args: string[]] {
  return core !== undefined && canPin
    ? ['taskset', '-c', String(core), process.execPath]
    : [process.execPath];
}
