import { fileURLToPath } from 'node:url';
import type { DatabaseName } from '@wenshu/migrations/database-names.ts';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { type Kind, setting, settingForEach } from '../lib/setting.ts';
import { anyText, oneOf, onOrOff, path, port, postgresAddress } from '../lib/setting-kinds.ts';

export const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

const production: Kind<boolean> = { parse: (text) => text === 'production', rule: () => '' };

const fromRoot = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const databaseOf = (name: DatabaseName, about: string) =>
  setting(`${name.toUpperCase()}_DATABASE_URL`, about, postgresAddress);

export const settings = {
  port: setting('PORT', 'The port of the gateway. 0 takes a free port.', port, '4000'),
  host: setting('HOST', 'The network address on which the gateway listens.', anyText, '127.0.0.1'),
  dataFolder: setting(
    'WENSHU_DATA',
    'The folder of the embedded PostgreSQL, the last good supergraph and the audit log.',
    path,
    fromRoot('.data'),
  ),
  databases: {
    adminUrl: setting(
      'DATABASE_URL',
      'The address of your own PostgreSQL server, with an administrator. Without it, the hub starts the embedded PostgreSQL.',
      postgresAddress,
    ),
    separateUrls: {
      ...settingForEach(subgraphNames, (name) =>
        databaseOf(
          name,
          `The address of a separate database for the subgraph ${name}, with the role that reads and migrates it.`,
        ),
      ),
      hub: databaseOf(
        'hub',
        'The address of a separate database for API keys and agreements, with the role that reads and migrates it. A gateway that runs apart has no keys and agreements without it.',
      ),
    },
  },
  supergraphFile: setting(
    'SUPERGRAPH',
    'The file of the supergraph that the gateway serves.',
    path,
    fromRoot('schema/supergraph.graphql'),
  ),
  isProduction: setting(
    'NODE_ENV',
    'The value production refuses what is for local use only: keys and files that the hub creates itself, and ACCESS=0.',
    production,
    '',
  ),
  isTrial: setting(
    'TRIAL',
    'Turns the trial hub on (1) or off (0). On a trial hub, lists and numbers contain synthetic rows, not real rows, unless the query says which.',
    onOrOff,
    '0',
  ),
  token: setting('WENSHU_TOKEN', 'The token or API key that the command line sends to a hub.', anyText),
  logLevel: setting(
    'LOG_LEVEL',
    `The lowest level of log lines that are written: ${logLevels.join(', ')}.`,
    oneOf(logLevels),
    'info',
  ),
};
