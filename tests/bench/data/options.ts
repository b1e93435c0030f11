import { parseArgs } from 'node:util';

export const partNames = ['pages', 'aggregates', 'exports'] as const;
export type PartName = (typeof partNames)[number];

export interface Options {
  readonly only: ReadonlySet<PartName>;
  /** Number of enterprises of each city. */
  readonly sizes: readonly number[];
  /** Folder that keeps the cities; without it they are deleted. */
  readonly keep?: string;
  readonly rounds: number;
  /** Duration of each question in each round, in seconds. */
  readonly seconds: number;
}

const help = `Measures what data teams do, on synthetic cities, beside SQL written by hand.

  npm run bench:data                                    cities of 10,000 and 100,000 enterprises
  npm run bench:data -- --enterprises 10000,1000000     cities of these sizes; a million takes five minutes to make
  npm run bench:data -- --only exports                  these of ${partNames.join(', ')}
  npm run bench:data -- --keep FOLDER                   keeps them there, and takes those that are
  npm run bench:data -- --rounds 3                      rounds, whose medians are shown (default 3)
  npm run bench:data -- --seconds 2                     seconds for each question and round (default 2)`;

/** Reads the command line; prints what is wrong with it and exits. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        enterprises: { type: 'string', default: '10000,100000' },
        only: { type: 'string', default: partNames.join(',') },
        keep: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '2' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    return {
      only: new Set(values.only.split(',').map(partNamed)),
      sizes: values.enterprises.split(',').map((size) => wholeNumber('enterprises', size)),
      rounds: wholeNumber('rounds', values.rounds),
      seconds: wholeNumber('seconds', values.seconds),
      ...(values.keep && { keep: values.keep }),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be whole numbers above 0, not "${text}".`);
  return value;
}

function partNamed(text: string): PartName {
  const found = partNames.find((name) => name === text.trim());
  if (!found) throw new Error(`There is no part "${text}".`);
  return found;
}
