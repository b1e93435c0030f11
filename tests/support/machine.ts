import { availableParallelism, cpus } from 'node:os';

/** Describes the machine of a measurement. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}
