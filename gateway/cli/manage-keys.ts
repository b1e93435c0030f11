import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { connect } from '@wenshu/kit/connect.ts';
import type { Database } from '@wenshu/kit/database.ts';
import type { Department, KeyAction } from '@wenshu/schema/caller.ts';
import { withOwners } from '@wenshu/schema/owners.ts';
import { type AuditLog, openAuditLog } from '../audit/audit-log.ts';
import { headsIn } from '../control/audit-heads.ts';
import { openCatalogue } from '../control/catalogue.ts';
import { type Approvals, approvalsOf, listApprovals, waitingFor } from '../control/key-approvals.ts';
import { stateOf } from '../control/key-state.ts';
import type { KeyRules } from '../control/key-terms.ts';
import { createKey, type IssuedKey, listKeys, revokeKey, rotateKey } from '../control/keys.ts';
import { openPeppers } from '../control/peppers.ts';
import {
  type Change,
  changeOnRecord,
  keyChange,
  keyMade,
  keyRevoked,
  recordIn,
} from '../control/record-change.ts';
import type { ApiKeyRow } from '../control/tables.ts';
import { readCalendar } from '../control/working-days.ts';
import { silent } from '../lib/log.ts';
import type { Config } from '../process/config.ts';
import { findDatabases, subgraphUrl } from '../process/databases.ts';
import type { Say } from '../process/say.ts';

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
  readonly action: KeyAction[];
  readonly enterprise?: string;
  readonly consentBy?: string;
  readonly consentOn?: string;
  readonly consentDocument?: string;
  readonly costPerMinute?: number;
  readonly costPerDay?: number;
  readonly documents?: NonNullable<ApiKeyRow['documents']>;
};

export async function create(config: Config, options: Create, say: Say) {
  const { consentBy: by, consentOn: on, consentDocument: document } = options;
  const peppers = await openPeppers(config);
  const catalogue = openCatalogue(withOwners(await readFile(config.supergraphFile, 'utf8'), config.owners));
  const rules: KeyRules = {
    ...anywhere,
    catalogue: () => catalogue,
    ceilings: config.keyCeilings,
    limits: config.agreementLimits,
    calendar: await readCalendar(config.calendarFile),
  };
  const terms = {
    environment: options.test ? ('TEST' as const) : ('LIVE' as const),
    partner: options.partner,
    contact: options.contact,
    scopes: options.scope,
    regions: options.region,
    addresses: options.address,
    actions: options.action,
    enterpriseId: options.enterprise ?? null,
    consent: by && on && document ? { by, on, document } : null,
    costPerMinute: options.costPerMinute ?? null,
    costPerDay: options.costPerDay ?? null,
    documents: options.documents ?? null,
    expiresAt: options.expires,
  };
  const issued = await change(
    config,
    options,
    (db) => createKey(db, peppers, managerOf(options), terms, rules),
    keyMade,
  );
  say(options.json ? issuedAsJson(issued) : announce(issued));
}

export const list = (config: Config, { department, json }: Common, say: Say) =>
  withDatabase(config, async (db) => {
    const rows = await listKeys(db, department);
    const approvals = await listApprovals(
      db,
      rows.flatMap(({ approvalsOf }) => approvalsOf ?? []),
    );
    const shown = rows.map((row) => ({ row, approvals: approvals.get(row.approvalsOf ?? '') ?? [] }));
    if (json) say(asJson(shown.map(publicOf)));
    else if (rows.length === 0) say(`${department} has made no keys.`);
    else shown.forEach((each) => void say(lineOf(each)));
  });

export async function rotate(config: Config, id: string, options: Rotate, say: Say) {
  const { overlapHours, expires = null, json } = options;
  const peppers = await openPeppers(config);
  const ends = { overlapHours, expiresAt: expires };
  const issued = await change(
    config,
    options,
    (db) => rotateKey(db, peppers, managerOf(options), id, ends, anywhere),
    ({ apiKey }) => keyChange('rotate', apiKey),
  );
  say(json ? issuedAsJson(issued) : announce(issued));
}

export async function revoke(config: Config, id: string, options: Revoke, say: Say) {
  const revoked = await change(
    config,
    options,
    async (db) => {
      const made = await revokeKey(db, managerOf(options), id, options.reason, anywhere);
      return { ...made, row: made.apiKey, approvals: await approvalsOf(db, made.apiKey) };
    },
    (made) => keyRevoked(made, options.reason),
  );
  say(options.json ? asJson(publicOf(revoked)) : `API key ${id} is revoked.`);
}

/** Makes a change and records it in a separate chain, beside those of the gateways on this machine. */
const change = <Made>(
  config: Config,
  { department, by: user }: Common,
  work: (db: Database) => Promise<Made>,
  inWords: (made: Made) => Change | readonly Change[],
): Promise<Made> =>
  withDatabase(config, async (db) => {
    const audit = config.audit.isOn === false ? undefined : await openOwnAudit(config, db);
    const party = { caller: { user, department, role: 'operator' as const } };
    const record = recordIn(audit);
    try {
      return await changeOnRecord(db, record, party, work, inWords);
    } finally {
      await audit?.close();
    }
  });

function openOwnAudit({ audit: { folder, key, checkpointEvery } }: Config, db: Database): Promise<AuditLog> {
  const gateway = `${hostname()}-keys`;
  const heads = headsIn(db);
  return openAuditLog({ folder: join(folder, gateway), gateway, key, checkpointEvery, heads, log: silent });
}

async function withDatabase<T>(config: Config, work: (db: Database) => Promise<T>): Promise<T> {
  const { db, close } = connect({ url: subgraphUrl(await findDatabases(config), 'hub'), maxConnections: 1 });
  try {
    return await work(db);
  } finally {
    await close();
  }
}

/** Rules for somebody with access to the database: no region limits them, and no graph can be asked here. */
const anywhere: Pick<KeyRules, 'places'> = {
  places: { isRegion: () => undefined, isWithin: () => false },
};

const managerOf = ({ department, by }: Common) => ({ department, user: by });

function announce({ secret, apiKey: { id, partner, expiresAt }, approvals }: IssuedKey) {
  const waiting = waitingFor(approvals);
  return (
    `API key ${id} for ${partner}, until ${expiresAt}. Give it to the partner now; the hub does not keep it:\n\n  ${secret}\n` +
    (waiting.length > 0 ? `\nIt works once ${waiting.join(', ')} have approved it.\n` : '')
  );
}

type Shown = { readonly row: ApiKeyRow; readonly approvals: Approvals };

const lineOf = ({ row, approvals }: Shown) =>
  [
    row.id,
    stateOf(row, approvals).padEnd(10),
    row.environment,
    row.expiresAt,
    row.partner,
    row.scopes.join(' '),
  ].join('  ');

const issuedAsJson = ({ secret, apiKey, approvals }: IssuedKey) =>
  asJson({ secret, ...publicOf({ row: apiKey, approvals }) });

/** Returns the printable fields of a key, without its stored digest. */
function publicOf({ row, approvals }: Shown) {
  const { digest: _digest, pepper: _pepper, ...rest } = row;
  const answers = approvals.map(({ id, owner, state }) => ({ agreement: id, owner, state }));
  return { state: stateOf(row, approvals), ...rest, approvals: answers };
}

const asJson = (value: unknown) => JSON.stringify(value, null, 2);
