import type { Writable } from 'node:stream';
import { type Config, readConfig } from '../process/config.ts';
import type { Say } from '../process/say.ts';
import type { Terminal } from './progress.ts';

/** What a command reads and writes besides its arguments. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly out: Writable;
  /** For problems and progress. */
  readonly err: Terminal;
}

/** Ends a command with an exit code. What there is to say is said already. */
export class Ended extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`The command ended with ${exitCode}.`);
    this.exitCode = exitCode;
  }
}

export const configOf = ({ env }: Surroundings): Config => readConfig(env);

export const sayerOf =
  ({ out }: Surroundings): Say =>
  (line) =>
    void out.write(`${line}\n`);
