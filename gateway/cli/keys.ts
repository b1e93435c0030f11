import { userInfo } from 'node:os';
import { departments } from '@wenshu/schema/caller.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../process/config.ts';
import type { Say } from '../process/say.ts';
import type { Common, Create, Revoke, Rotate } from './manage-keys.ts';
import { wholeNumber } from './options.ts';

/** Adds the commands of stewards, for operators with access to the control database. */
export function addKeysCommands(keys: Command, config: () => Config, say: Say): void {
  const actions = () => import('./manage-keys.ts');

  command(keys, 'create', 'Make a key and print it. It is never printed again.', keysExample)
    .requiredOption('--partner <name>', 'partner that gets the key')
    .requiredOption('--contact <who>', 'contact at the partner')
    .requiredOption(
      '--scope <scope...>',
      'types and fields that the key may read, such as Park or Policy.nameZh',
    )
    .requiredOption(
      '--expires <date>',
      'expiry: a day, a time, or days from now such as 90d; at most a year ahead',
      momentOf,
    )
    .option('--test', 'make a key for trials, which sees only synthetic data', false)
    .option('--region <code...>', 'regions whose data the key may read, with all regions below them', [])
    .option('--address <network...>', 'networks that may use the key, such as 203.0.113.0/24', [])
    .option('--action <name...>', 'what the key may carry out for its enterprise, such as SUBMIT_REQUEST', [])
    .option('--enterprise <id>', "the partner's own enterprise, which must consent")
    .option('--consent-by <who>', 'person who consented for the enterprise')
    .option('--consent-on <date>', 'day of the consent')
    .option('--consent-document <document>', 'document of the consent')
    .option('--cost-per-minute <number>', 'maximum query cost in a minute', wholeNumber(0, mostNumber))
    .option('--cost-per-day <number>', 'maximum query cost in a day', wholeNumber(0, mostNumber))
    .addOption(
      new Option('--documents <mode>', 'documents that the key may send').choices([
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
    'Replace a key by a new key on the same terms.',
    'npx wenshu keys rotate 4fKq0Z8sWmB2 --department PROPAGANDA --overlap-hours 48',
  )
    .argument('<id>', 'the key to replace')
    .option('--overlap-hours <number>', 'hours in which both keys work', wholeNumber(0, mostNumber), 24)
    .option('--expires <date>', 'expiry of the new key (default: that of the old key)', momentOf)
    .action(async (id: string, options: Rotate) => (await actions()).rotate(config(), id, options, say));

  command(
    keys,
    'revoke',
    'Revoke a key. Every gateway refuses it within a second.',
    'npx wenshu keys revoke 4fKq0Z8sWmB2 --department PROPAGANDA --reason "lost laptop"',
  )
    .argument('<id>', 'the key to revoke')
    .requiredOption('--reason <text>', 'reason, which is shown to the holder')
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
    .option('--by <name>', 'your name, for the record', userInfo().username)
    .option('--json', 'print JSON', false)
    .addHelpText('after', `\nExample:\n  ${example}`);
}

/** Maximum of the numbers: nine digits fit into an integer of Postgres. */
const mostNumber = 999_999_999;

const dayMs = 24 * 3_600_000;

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
