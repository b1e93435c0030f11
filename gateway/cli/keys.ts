import { userInfo } from 'node:os';
import { departments } from '@wenshu/schema/caller.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../process/config.ts';
import type { Say } from '../process/say.ts';
import type { Common, Create, Revoke, Rotate } from './manage-keys.ts';

/** Adds the commands of stewards, for operators with access to the control database. */
export function addKeysCommands(keys: Command, config: () => Config, say: Say): void {
  const actions = () => import('./manage-keys.ts');

  command(keys, 'create', 'Make a key; its text is printed here and never again.', keysExample)
    .requiredOption('--partner <name>', 'whom it is for')
    .requiredOption('--contact <who>', 'whom to reach there')
    .requiredOption('--scope <scope...>', 'what it may read, as in Park or Park.nameZh')
    .requiredOption(
      '--expires <date>',
      'the day or moment on which it expires, or days from now, as in 90d; a year ahead at most',
      momentOf,
    )
    .option('--test', 'a key for trials, which sees synthetic data only', false)
    .option('--region <code...>', 'regions that it may read of, with all below them', [])
    .option('--address <network...>', 'networks that it may be used from, as in 203.0.113.0/24', [])
    .option('--enterprise <id>', "the partner's own enterprise, with its consent:")
    .option('--consent-by <who>', 'who consented')
    .option('--consent-on <date>', 'when')
    .option('--consent-document <document>', 'in which document')
    .option('--cost-per-minute <number>', 'query cost a minute at most', wholeNumber)
    .option('--cost-per-day <number>', 'query cost a day at most', wholeNumber)
    .addOption(
      new Option('--documents <mode>', 'documents that it may send').choices([
        'LOG_UNKNOWN',
        'ALLOW_LIST',
        'IDS_ONLY',
      ]),
    )
    .action(async (options: Create) => (await actions()).create(config(), options, say));

  command(
    keys,
    'list',
    'List the keys that a department has made.',
    'npx wenshu keys list --department PROPAGANDA',
  ).action(async (options: Common) => (await actions()).list(config(), options, say));

  command(
    keys,
    'rotate',
    'Replace a key by one on the same terms.',
    'npx wenshu keys rotate 4fKq0Z8sWmB2 --department PROPAGANDA --overlap-hours 48',
  )
    .argument('<id>', 'the key to replace')
    .option('--overlap-hours <number>', 'for how long both work', wholeNumber, 24)
    .option('--expires <date>', 'when the new one expires (default: as the old one)', momentOf)
    .action(async (id: string, options: Rotate) => (await actions()).rotate(config(), id, options, say));

  command(
    keys,
    'revoke',
    'Revoke a key, within a second on every gateway.',
    'npx wenshu keys revoke 4fKq0Z8sWmB2 --department PROPAGANDA --reason "lost laptop"',
  )
    .argument('<id>', 'the key to revoke')
    .requiredOption('--reason <text>', 'why; its holder is told')
    .action(async (id: string, options: Revoke) => (await actions()).revoke(config(), id, options, say));
}

/** A command that makes a key. */
export const keysExample =
  'npx wenshu keys create --department PROPAGANDA --partner "文创数据公司" --contact zhang@example.com ' +
  '--scope Park Policy.nameZh --expires 90d';

function command(parent: Command, name: string, description: string, example: string) {
  const department = new Option('--department <name>', 'the department that makes the key');
  return parent
    .command(name)
    .description(description)
    .addOption(department.choices(departments).makeOptionMandatory())
    .option('--by <name>', 'who does it', userInfo().username)
    .option('--json', 'for programs', false)
    .addHelpText('after', `\nExample:\n  ${example}`);
}

const dayMs = 24 * 3_600_000;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Returns the moment of a day or time. A day means its end in Beijing. */
function momentOf(text: string): string {
  const [, days] = /^(\d{1,3})d$/.exec(text) ?? [];
  if (days) return new Date(Date.now() + Number(days) * dayMs).toISOString();
  const moment = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T24:00:00+08:00` : text);
  if (Number.isNaN(moment)) {
    throw new InvalidArgumentError('It must be like 90d, 2027-06-30 or 2027-06-30T12:00:00Z.');
  }
  return new Date(moment).toISOString();
}
