import { parseArgs } from 'node:util';

export interface Options {
  /** Part of the names of the scenarios to run; all, where it is empty. */
  readonly only: string;
  readonly isList: boolean;
}

const help = `Breaks what the hub stands on, with real processes, and counts what callers see of it.

  npm run faults                       every scenario, in less than eight minutes
  npm run faults -- --only Postgres    those with this in their name
  npm run faults -- --list             their names`;

/** Reads the command line; tells what is wrong with it, and ends. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', default: '' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!values.help) return { only: values.only, isList: values.list };
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}
