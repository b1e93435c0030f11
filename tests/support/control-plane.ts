import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Credentials } from '@wenshu/gateway/admission/authenticate.ts';
import { limitFailedAuth } from '@wenshu/gateway/admission/failed-auth-limit.ts';
import { standardRateLimits } from '@wenshu/gateway/admission/rate-limit.ts';
import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import { memberFolders } from '@wenshu/gateway/cli/member-folders.ts';
import { type Catalogue, openCatalogue } from '@wenshu/gateway/control/catalogue.ts';
import {
  type ControlDatabase,
  type ControlSettings,
  openControlDatabase,
} from '@wenshu/gateway/control/open.ts';
import { createPeppers } from '@wenshu/gateway/control/peppers.ts';
import { settings } from '@wenshu/gateway/control/settings.ts';
import { controlWithoutDatabase } from '@wenshu/gateway/control/without-database.ts';
import type { Places } from '@wenshu/gateway/governance/places.ts';
import { type Log, silent } from '@wenshu/gateway/lib/log.ts';
import { defaultsOf } from '@wenshu/gateway/lib/setting.ts';
import type { WakeOn } from '@wenshu/gateway/request/agency-events.ts';
import type { AskForCaller } from '@wenshu/gateway/request/ask-for-caller.ts';
import { readMember, subgraphSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { buildSchema } from 'graphql';
import { keyRules } from './key-rules.ts';

export const supergraphSdl = readFileSync(
  new URL('../../schema/supergraph.graphql', import.meta.url),
  'utf8',
);

/** Root fields of the control plane. */
export const fieldsOfHub: ReadonlySet<string> = new Set(
  Object.keys(
    buildSchema(subgraphSdl(readMember('control', memberFolders.control)), { assumeValid: true })
      .getQueryType()
      ?.getFields() ?? {},
  ),
);

const standardCatalogue = openCatalogue(supergraphSdl);

export type ControlPlaneOptions = {
  readonly audit?: AuditLog | undefined;
  /** Folder of the logs that can be read over the graph; default: none. */
  readonly auditFolder?: string | undefined;
  /** File with public holidays; default: none. */
  readonly calendarFile?: string | undefined;
  readonly places?: Places | undefined;
  /** Default: the catalogue of the checked-in supergraph. */
  readonly catalogue?: Catalogue;
  /** True for a trial hub, which brings agreements of its own. */
  readonly isForTrial?: boolean;
  /** Asks the graph of the hub; default: there are no agencies to ask. */
  readonly askForCaller?: AskForCaller | undefined;
  /** Wakes subscriptions; default: nothing does. */
  readonly wakeOn?: WakeOn | undefined;
  /** Current time by which keys expire. */
  readonly now?: () => number;
  /** Settings of webhooks that differ from their defaults. */
  readonly webhooks?: Partial<ControlSettings['webhooks']>;
  readonly log?: Log;
};

export const openControlPlane = (
  url: string,
  options: ControlPlaneOptions = {},
): Promise<ControlDatabase> => {
  const {
    audit,
    auditFolder = '/no/audit/log',
    calendarFile,
    places,
    catalogue = standardCatalogue,
    askForCaller = async () => ({ errors: [] }),
    wakeOn = () => () => {},
    isForTrial,
    now,
    webhooks,
    log = silent,
  } = options;
  return openControlDatabase({
    url,
    peppers: createPeppers(['a pepper for tests of more than 32 characters']),
    config: {
      agreementLimits: keyRules.limits,
      calendarFile,
      keyCeilings: standardRateLimits.partner,
      webhooks: { ...defaultsOf(settings.webhooks), ...webhooks },
      changesKeptDays: 7,
    },
    places: places ?? { ...keyRules.places, regionOfEnterprise: async () => '110105' },
    catalogue: () => catalogue,
    askForCaller,
    wakeOn,
    audit,
    auditFolder,
    isForTrial,
    // Tests wait for what is written.
    usageEveryMs: 100,
    now,
    log,
  });
};

/** Opens the control plane of a hub without keys. */
export const openControlWithoutDatabase = (askForCaller: AskForCaller, wakeOn: WakeOn) =>
  controlWithoutDatabase({ askForCaller, wakeOn, catalogue: () => standardCatalogue, onError: () => {} });

/** Returns the credentials of a request with this key and address. */
export const arrivingWith = (
  key: string,
  address = '192.0.2.1',
  failedAuth = limitFailedAuth(),
): Credentials => ({ headers: new Map([['x-api-key', key]]), address, bearer: undefined, failedAuth });

/** Adds a checksum. It keeps typing errors from the database, but no attacker, because anybody can compute it. */
export function withChecksum(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let text = '';
  for (let rest = crc32(body); text.length < 6; rest = Math.floor(rest / 62)) text = digits[rest % 62] + text;
  return body + text;
}
