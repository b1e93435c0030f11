import { parseArgs } from 'node:util';

export const caseNames = [
  'wide',
  'small',
  'access',
  'access-each',
  'hidden',
  '360',
  'growth',
  'subscriptions',
] as const;
export type CaseName = (typeof caseNames)[number];

export interface Options {
  readonly only: ReadonlySet<CaseName>;
  readonly rounds: number;
  /** Duration of a contestant's measurement in each round, in seconds. */
  readonly seconds: number;
  readonly profile: boolean;
}

const help = `Measures wenshu beside other gateways, and beside SQL written by hand.

  npm run bench                          everything, in a quarter of an hour
  npm run bench -- --only wide,small     these of ${caseNames.join(', ')}
  npm run bench -- --rounds 3            rounds, whose medians are shown (default 5)
  npm run bench -- --seconds 2           seconds for each contestant and round (default 4)
  npm run bench -- --profile             where our gateway spends its time on wide`;

/** Reads the command line; prints what is wrong with it and exits. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', default: caseNames.join(',') },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '4' },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    return {
      only: new Set(values.only.split(',').map(caseNamed)),
      rounds: Math.ceil(positive('rounds', values.rounds)),
      seconds: positive('seconds', values.seconds),
      profile: values.profile,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}

function caseNamed(text: string): CaseName {
  const found = caseNames.find((name) => name === text.trim());
  if (!found) throw new Error(`There is no case "${text}".`);
  return found;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${text}".`);
  return value;
}
