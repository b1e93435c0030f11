import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Department } from '@wenshu/schema/caller.ts';
import type { FieldAccess } from '../request/field-access.ts';
import { parseLine, splitLines } from './line.ts';
import type { AuditRecord, CheckpointRecord, Decision } from './record.ts';
import { callerOf, departmentOf, fieldsOf, isOwnedBy, type SeenRecord } from './seen.ts';
import { listSegments } from './segments.ts';

/** A filter of records. An undefined member matches every record. */
export type RecordFilter = {
  /** Start (inclusive) and end (exclusive) of the time range: ISO 8601, in UTC. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The department that asked. */
  readonly department?: Department | undefined;
  /** The department whose data was accessed. */
  readonly owner?: Department | undefined;
  /** `Type` or `Type.field` that was accessed. */
  readonly field?: string | undefined;
  /** The user, or the id of the key, that asked. */
  readonly caller?: string | undefined;
  readonly kind?: AuditRecord['kind'] | undefined;
  readonly decision?: Decision | undefined;
};

export type Order = 'oldest first' | 'newest first';

/**
 * Reads the matching records of a chain, file by file. Lines that are no records are skipped; `verifyChain` reports
 * them.
 */
export async function* readRecords(
  folder: string,
  filter: RecordFilter = {},
  order: Order = 'oldest first',
): AsyncGenerator<AuditRecord> {
  const segments = await listSegments(folder);
  const matches = matcherOf(filter);
  for (const { file } of order === 'oldest first' ? segments : segments.toReversed()) {
    const { lines } = splitLines(await readFile(file));
    for (const line of order === 'oldest first' ? lines : lines.toReversed()) {
      const record = parseLine(line)?.record;
      if (record && matches(record)) yield record;
      if (record && isPast(record.time, filter, order)) return;
    }
  }
}

/** Finds the hash of the record at `sequence`; undefined if the record is missing or archived. */
export async function findHash(folder: string, sequence: number): Promise<string | undefined> {
  const segment = (await listSegments(folder)).findLast(({ first }) => first <= sequence);
  if (!segment) return undefined;
  for (const bytes of splitLines(await readFile(segment.file)).lines) {
    const line = parseLine(bytes);
    if (line?.record.sequence === sequence) return line.hash;
  }
  return undefined;
}

/** Lists the chains in a folder: the folder itself, or one subfolder for each gateway. */
export async function listChains(folder: string): Promise<readonly string[]> {
  const isChain = async (each: string) => (await listSegments(each)).length > 0;
  if (await isChain(folder)) return [folder];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const areChains = await Promise.all(folders.map(isChain));
  return folders.filter((_, i) => areChains[i]).sort();
}

/** Finds the last checkpoint of a chain, or the one at `sequence`. */
export async function findCheckpoint(
  folder: string,
  sequence?: number,
): Promise<CheckpointRecord | undefined> {
  for await (const record of readRecords(folder, { kind: 'checkpoint' }, 'newest first')) {
    if (record.kind !== 'checkpoint') continue;
    if (sequence === undefined || record.sequence === sequence) return record;
  }
  return undefined;
}

/** Returns the test of a filter. */
export function matcherOf({ since, until, department, owner, field, caller, kind, decision }: RecordFilter) {
  return (record: SeenRecord): boolean =>
    (since === undefined || record.time >= since) &&
    (until === undefined || record.time < until) &&
    (kind === undefined || record.kind === kind) &&
    (decision === undefined || ('decision' in record && record.decision === decision)) &&
    (department === undefined || departmentOf(record) === department) &&
    (caller === undefined || nameOf(record) === caller) &&
    (owner === undefined || fieldsOf(record).some(isOwnedBy(owner))) &&
    (field === undefined || fieldsOf(record).some(isOf(field)));
}

/**
 * Returns whether no later record can match. Times rise along the chain, unless a clock is set back, so it waits
 * until the time is well past the range.
 */
export function isPast(time: string, { since, until }: RecordFilter, order: Order): boolean {
  const at = Date.parse(time);
  return order === 'oldest first'
    ? until !== undefined && at >= Date.parse(until) + clockSlackMs
    : since !== undefined && at < Date.parse(since) - clockSlackMs;
}

const clockSlackMs = 3_600_000;

function nameOf(record: SeenRecord): string | undefined {
  const caller = callerOf(record);
  if (caller && 'user' in caller) return caller.user;
  return caller && 'keyId' in caller ? caller.keyId : undefined;
}

const isOf = (field: string) => (access: FieldAccess) =>
  access.coordinate === field || access.coordinate.startsWith(`${field}.`);
