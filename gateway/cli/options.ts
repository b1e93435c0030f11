import { InvalidArgumentError, Option } from 'commander';
import { port } from '../lib/setting-kinds.ts';

/** Creates the option of a port to listen on. */
export function portOption(description: string) {
  const refuse = (text: string) => (port.parse(text) === undefined ? port.rule(text) : undefined);
  return checkedOption('--port <number>', description, refuse, Number);
}

/** Creates the parser of a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  const isOne = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  return checked(
    (text) => (isOne(text) ? undefined : `must be a whole number from ${least} to ${most}`),
    Number,
  );
}

/** Creates an option whose text is checked by `refuse` and converted by `read`. */
export const checkedOption = (
  flags: string,
  description: string,
  refuse: (text: string) => string | undefined,
  read: (text: string) => unknown = String,
) => new Option(flags, description).argParser(checked(refuse, read));

const checked =
  <Value>(refuse: (text: string) => string | undefined, read: (text: string) => Value) =>
  (text: string): Value => {
    const problem = refuse(text);
    if (problem) throw new InvalidArgumentError(`It ${problem}.`);
    return read(text);
  };
