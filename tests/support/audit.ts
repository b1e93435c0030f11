import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditLog, type AuditLogOptions, openAuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import type { AnswerEvent, AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { listSegments } from '@wenshu/gateway/audit/segments.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { createDataFolder } from './data-folder.ts';

/** Returns an answer event for a department, with a test's own values. */
export const anAnswer = (said: Partial<AnswerEvent> = {}): AnswerEvent => ({
  kind: 'answer',
  caller: { user: 'li.wei', department: 'PROPAGANDA', role: 'viewer' },
  operation: { name: 'Parks', hash: 'ab'.repeat(32) },
  decision: 'answered',
  errorCodes: [],
  denied: [],
  rows: { Park: 3 },
  bytes: 120,
  latencyMs: 4.2,
  fields: [{ coordinate: 'Park.rent', class: 'CONDITIONAL', owner: 'CULTURE_TOURISM', agreement: 'a1' }],
  ...said,
});

/** Returns a log that accepts and drops everything, with a test's own functions. */
export const aLog = (said: Partial<AuditLog> = {}): AuditLog => ({
  append: async () => ({ sequence: 1, hash: '' }),
  note: () => true,
  countRefusal: () => {},
  space: { bytes: undefined, isLow: false },
  outage: undefined,
  unsettled: [],
  close: async () => {},
  ...said,
});

export type TestAudit = AsyncDisposable & {
  /** Folder of the chain. */
  readonly folder: string;
  readonly keyFile: string;
  open(options?: Partial<AuditLogOptions>): Promise<AuditLog>;
  /** Reads every record from the files. */
  records(): Promise<readonly AuditRecord[]>;
};

/** A folder for the chain of gateway g1, with a key that is made when it is opened. */
export async function createAudit(): Promise<TestAudit> {
  const data = await createDataFolder();
  const folder = join(data.path, 'g1');
  const keyFile = join(data.path, 'key.pem');
  return {
    folder,
    keyFile,
    open: (options) =>
      openAuditLog({
        folder,
        gateway: 'g1',
        key: { file: keyFile, isMade: true },
        log: silent,
        ...options,
      }),
    records: async () => (await linesOf(folder)).map((line) => JSON.parse(line).record),
    [Symbol.asyncDispose]: () => data[Symbol.asyncDispose](),
  };
}

/** All lines of a chain, each with its end. */
export async function linesOf(folder: string): Promise<string[]> {
  const texts = await Promise.all((await listSegments(folder)).map(({ file }) => readFile(file, 'utf8')));
  return texts.join('').split(/(?<=\n)/);
}

/** Puts lines in the place of the first file of a chain. */
export async function rewrite(folder: string, change: (lines: string[]) => string[]): Promise<void> {
  const [segment] = await listSegments(folder);
  if (!segment) throw new Error(`There is no chain in ${folder}.`);
  const lines = (await readFile(segment.file, 'utf8')).split(/(?<=\n)/);
  await writeFile(segment.file, change(lines).join(''));
}
