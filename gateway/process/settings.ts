import { fileURLToPath } from 'node:url';
import { type MemberName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { type Kind, setting, settingForEach } from '../lib/setting.ts';
import { anyText, oneOf, onOrOff, path, port, postgresAddress } from '../lib/setting-kinds.ts';

export const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

const production: Kind<boolean> = { parse: (text) => text === 'production', rule: () => '' };

const fromRoot = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const databaseOf = (name: MemberName, about: string) =>
  setting(`${name.toUpperCase()}_DATABASE_URL`, about, postgresAddress);

export const settings = {
  port: setting('PORT', 'Port of the gateway; 0 takes a free one.', port, '4000'),
  host: setting('HOST', 'Network address to listen on.', anyText, '127.0.0.1'),
  dataFolder: setting(
    'WENSHU_DATA',
    'Folder of the embedded PostgreSQL, the last good supergraph and the audit log.',
    path,
    fromRoot('.data'),
  ),
  databases: {
    adminUrl: setting(
      'DATABASE_URL',
      'Administrator of a PostgreSQL to use instead of the embedded one.',
      postgresAddress,
    ),
    separateUrls: {
      ...settingForEach(subgraphNames, (name) =>
        databaseOf(name, `Database of the subgraph ${name}, used as it is.`),
      ),
      hub: databaseOf(
        'hub',
        'Database of API keys and agreements, used as it is; a gateway apart has none without it.',
      ),
    },
  },
  supergraphFile: setting(
    'SUPERGRAPH',
    'File of the supergraph that the gateway answers from.',
    path,
    fromRoot('schema/supergraph.graphql'),
  ),
  isProduction: setting(
    'NODE_ENV',
    'With production, what is for local use only (keys and files made at first need, ACCESS=0) is refused.',
    production,
    '',
  ),
  isTrial: setting(
    'TRIAL',
    'Whether lists and numbers are of synthetic rows, not of real ones, where a question does not say which: 1 or 0.',
    onOrOff,
    '0',
  ),
  token: setting(
    'WENSHU_TOKEN',
    'Says who asks where the command line asks a hub: a token of a department, or a key.',
    anyText,
  ),
  logLevel: setting('LOG_LEVEL', `How much is logged: ${logLevels.join(', ')}.`, oneOf(logLevels), 'info'),
};
