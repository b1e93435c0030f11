import { connect, type Database } from '@wenshu/kit/database.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import type { Config } from '../config.ts';
import { findDatabases, subgraphUrl } from '../databases.ts';
import { createKey, type IssuedKey, listKeys, revokeKey, rotateKey, stateOf } from '../hub/keys.ts';
import { openPeppers } from '../hub/peppers.ts';
import type { ApiKeyRow } from '../hub/tables.ts';
import type { Say } from '../main.ts';

export type Common = { readonly department: Department; readonly by: string; readonly json: boolean };
export type Rotate = Common & { readonly overlapHours: number; readonly expires?: string };
export type Revoke = Common & { readonly reason: string };
export type Create = Common & {
  readonly partner: string;
  readonly contact: string;
  readonly scope: string[];
  readonly expires: string;
  readonly test: boolean;
  readonly region: string[];
  readonly address: string[];
  readonly enterprise?: string;
  readonly consentBy?: string;
  readonly consentOn?: string;
  readonly consentDocument?: string;
  readonly costPerMinute?: number;
  readonly costPerDay?: number;
  readonly documents?: NonNullable<ApiKeyRow['documents']>;
};

export const create = (config: Config, options: Create, say: Say) =>
  withDatabase(config, async (db) => {
    const { consentBy: by, consentOn: on, consentDocument: document } = options;
    const issued = await createKey(db, await openPeppers(config), managerOf(options), {
      environment: options.test ? 'TEST' : 'LIVE',
      partner: options.partner,
      contact: options.contact,
      scopes: options.scope,
      regions: options.region,
      addresses: options.address,
      enterpriseId: options.enterprise ?? null,
      consent: by && on && document ? { by, on, document } : null,
      costPerMinute: options.costPerMinute ?? null,
      costPerDay: options.costPerDay ?? null,
      documents: options.documents ?? null,
      expiresAt: options.expires,
    });
    say(options.json ? issuedAsJson(issued) : announce(issued));
  });

export const list = (config: Config, { department, json }: Common, say: Say) =>
  withDatabase(config, async (db) => {
    const rows = await listKeys(db, department);
    if (json) say(asJson(rows.map(publicOf)));
    else if (rows.length === 0) say(`${department} has made no keys.`);
    else rows.forEach((row) => void say(lineOf(row)));
  });

export const rotate = (config: Config, id: string, options: Rotate, say: Say) =>
  withDatabase(config, async (db) => {
    const { overlapHours, expires = null, json } = options;
    const ends = { overlapHours, expiresAt: expires };
    const issued = await rotateKey(db, await openPeppers(config), managerOf(options), id, ends);
    say(json ? issuedAsJson(issued) : announce(issued));
  });

export const revoke = (config: Config, id: string, options: Revoke, say: Say) =>
  withDatabase(config, async (db) => {
    const row = await revokeKey(db, managerOf(options), id, options.reason);
    say(options.json ? asJson(publicOf(row)) : `API key ${id} is revoked.`);
  });

async function withDatabase(config: Config, work: (db: Database) => Promise<void>) {
  const { db, close } = connect({ url: subgraphUrl(await findDatabases(config), 'hub'), maxConnections: 1 });
  try {
    await work(db);
  } finally {
    await close();
  }
}

const managerOf = ({ department, by }: Common) => ({ department, user: by });

const announce = ({ secret, apiKey: { id, partner, expiresAt } }: IssuedKey) =>
  `API key ${id} for ${partner}, until ${expiresAt}. Hand it over now; it is not kept:\n\n  ${secret}\n`;

const lineOf = (row: ApiKeyRow) =>
  [row.id, stateOf(row).padEnd(7), row.environment, row.expiresAt, row.partner, row.scopes.join(' ')].join(
    '  ',
  );

const issuedAsJson = ({ secret, apiKey }: IssuedKey) => asJson({ secret, ...publicOf(apiKey) });

/** What may be told of a key: not what it is stored as. */
const publicOf = ({ digest: _digest, pepper: _pepper, ...rest }: ApiKeyRow) => ({
  state: stateOf(rest),
  ...rest,
});

const asJson = (value: unknown) => JSON.stringify(value, null, 2);
