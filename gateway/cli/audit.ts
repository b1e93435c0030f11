import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Department, departments } from '@wenshu/schema/caller.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Receipt } from '../audit/chain.ts';
import { type HeadStore, refuteLog } from '../audit/kept-head.ts';
import { hashOf } from '../audit/line.ts';
import { proveRecord, refuteProof } from '../audit/prove.ts';
import { findCheckpoint, listChains, matcherOf, type RecordFilter, readRecords } from '../audit/read.ts';
import type { CheckpointRecord } from '../audit/record.ts';
import { seenBy } from '../audit/seen.ts';
import { readPublicKey } from '../audit/signing-key.ts';
import { type Verdict, verifyChain } from '../audit/verify.ts';
import type { Config } from '../process/config.ts';
import type { Say } from '../process/say.ts';
import type { AcceptLoss } from './audit-heads.ts';
import { wholeNumber } from './options.ts';
import { exitCodes } from './run.ts';
import { configOf, Ended, type Surroundings, sayerOf } from './surroundings.ts';

/** Adds the commands that read an audit log offline, from its files only. */
export function addAuditCommands(audit: Command, surroundings: Surroundings): void {
  const config = () => configOf(surroundings);
  const say = sayerOf(surroundings);
  addVerify(audit, surroundings);
  addShow(audit, surroundings);
  addCheckpoint(audit, config, say);
  addAcceptLoss(audit, config, say);
  addProve(audit, config, say);
}

const subcommand = (audit: Command, name: string, about: string) =>
  audit
    .command(name)
    .description(about)
    .option(
      '--folder <folder>',
      'folder of one chain, or of the chains of all gateways (default: AUDIT_FOLDER)',
    );

function addVerify(audit: Command, surroundings: Surroundings) {
  const config = () => configOf(surroundings);
  const say = sayerOf(surroundings);
  const complain = (line: string) => surroundings.err.write(`${line}\n`);
  subcommand(audit, 'verify', 'Check that the log was not changed, or name the first record that was.')
    .option(
      '--key <file>',
      'public key of the gateway in PEM, kept outside the log (default: the key in the log)',
    )
    .option(
      '--expect-head <sequence:hash or file>',
      'record that the log must hold, or the file of a checkpoint that was kept elsewhere',
    )
    .option(
      '--from-checkpoint <sequence or file>',
      'checkpoint to begin with; the records before it may have been removed',
    )
    .option('--with-database', 'also compare each log with its last record in the database of the hub')
    .option('--proof <file>', 'verify this proof of inclusion instead of the log; needs --key')
    .action(async (options: VerifyFlags) => {
      if (options.proof) {
        const refutation = await verifyProof(options.proof, options.key, say);
        if (refutation === undefined) return;
        complain(refutation);
        throw new Ended(exitCodes.failed);
      }
      const sound = await verifyAll(options.folder ?? config().audit.folder, options);
      const verdicts = options.withDatabase ? await compareWithDatabase(config(), sound, say) : sound;
      for (const [folder, verdict] of verdicts) {
        if (verdict.isSound) tell(folder, verdict, options.key !== undefined, say);
        else complain(problemOf(folder, verdict));
      }
      if (verdicts.some(([, { isSound }]) => !isSound)) throw new Ended(exitCodes.failed);
    });
}

function addShow(audit: Command, surroundings: Surroundings) {
  const config = () => configOf(surroundings);
  subcommand(audit, 'show', 'Print records as lines of JSON.')
    .option('--since <time>', 'records from this time on, such as 2026-11-22 or 2026-11-22T08:00:00Z', time)
    .option('--until <time>', 'records before this time', time)
    .addOption(
      new Option('--department <department>', 'records of requests by this department').choices(departments),
    )
    .addOption(
      new Option('--owner <department>', 'records of requests for data of this department').choices(
        departments,
      ),
    )
    .option('--field <coordinate>', 'records of requests that read this Type or Type.field')
    .option('--caller <name>', 'records of requests by this user or key id')
    .option(
      '--kind <kind>',
      'records of this kind: answer, export, key, agreement, webhook, change, refusals, checkpoint, interruption, stop or genesis',
    )
    .option(
      '--decision <decision>',
      'records with this decision: answered, partial, denied, refused or failed',
    )
    .addOption(
      new Option('--seen-by <department>', 'only the parts of records that this department may see').choices(
        departments,
      ),
    )
    .action(async ({ folder = config().audit.folder, seenBy: reader, ...filter }: ShowFlags) => {
      const lines = linesOf(await chainsIn(folder), filter, reader);
      await pipeline(Readable.from(lines), surroundings.out, { end: false }).catch((error) => {
        // The reader of the pipe has closed it.
        if (error.code !== 'EPIPE') throw error;
      });
    });
}

function addCheckpoint(audit: Command, config: () => Config, say: Say) {
  subcommand(
    audit,
    'checkpoint',
    'Print the last signed checkpoint of each gateway. Keep it elsewhere.',
  ).action(async ({ folder = config().audit.folder }: { folder?: string }) => {
    for (const chain of await chainsIn(folder)) {
      const checkpoint = await findCheckpoint(chain);
      if (checkpoint) say(JSON.stringify(checkpoint));
    }
  });
}

function addAcceptLoss(audit: Command, config: () => Config, say: Say) {
  audit
    .command('accept-loss')
    .description(
      'Let a gateway continue a log that lacks records which the database of the hub knows. The log records this.',
    )
    .requiredOption('--gateway <id>', 'gateway of the log')
    .requiredOption('--by <name>', 'your name, for the record')
    .requiredOption('--reason <text>', 'reason, for the record')
    .action(async (options: AcceptLoss) => {
      const { acceptLoss } = await import('./audit-heads.ts');
      await acceptLoss(config(), options, say);
    });
}

function addProve(audit: Command, config: () => Config, say: Say) {
  subcommand(audit, 'prove', 'Print a proof that a checkpoint signs a record.')
    .argument('<sequence>', 'sequence number of the record', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .action(async (sequence: number, { folder = config().audit.folder }: { folder?: string }) => {
      say(JSON.stringify(await proveRecord(await onlyChainIn(folder), sequence)));
    });
}

/** Compares the verdicts with the log heads in the control database, and marks logs that lack records. */
async function compareWithDatabase(
  config: Config,
  verdicts: readonly (readonly [string, Verdict])[],
  say: Say,
): Promise<readonly (readonly [string, Verdict])[]> {
  const { withHeads } = await import('./audit-heads.ts');
  const compare = async (heads: HeadStore, folder: string, verdict: Verdict): Promise<Verdict> => {
    if (!verdict.isSound) return verdict;
    const kept = await heads.find(verdict.gateway);
    if (!kept) say(`${folder}: the database of the hub has no record of ${verdict.gateway}.`);
    // A running gateway may have written more since.
    const isBehind = kept !== undefined && kept.sequence > verdict.head.sequence;
    const latest = isBehind ? await verifyChain(folder) : verdict;
    if (!latest.isSound) return latest;
    const refutation = await refuteLog(folder, latest.head, kept);
    return refutation === undefined
      ? latest
      : { isSound: false, sequence: kept?.sequence ?? 0, reason: `is not as it was kept: ${refutation}` };
  };
  return withHeads(config, say, async (heads) => {
    const compared: (readonly [string, Verdict])[] = [];
    for (const [folder, verdict] of verdicts) compared.push([folder, await compare(heads, folder, verdict)]);
    return compared;
  });
}

type ShowFlags = RecordFilter & { readonly folder?: string; readonly seenBy?: Department };

type Sound = Extract<Verdict, { isSound: true }>;
type Unsound = Extract<Verdict, { isSound: false }>;

type VerifyFlags = {
  readonly folder?: string;
  readonly key?: string;
  readonly expectHead?: string;
  readonly fromCheckpoint?: string;
  readonly proof?: string;
  readonly withDatabase?: boolean;
};

async function verifyAll(
  folder: string,
  { key: keyFile, expectHead, fromCheckpoint }: VerifyFlags,
): Promise<readonly (readonly [string, Verdict])[]> {
  const key = keyFile === undefined ? undefined : await readPublicKey(keyFile);
  const chains = expectHead || fromCheckpoint ? [await onlyChainIn(folder)] : await chainsIn(folder);
  const expected = expectHead === undefined ? undefined : await readHead(expectHead);
  return Promise.all(
    chains.map(async (chain) => {
      const from = fromCheckpoint === undefined ? undefined : await readCheckpoint(fromCheckpoint, chain);
      return [chain, await verifyChain(chain, { key, expected, from })] as const;
    }),
  );
}

function problemOf(folder: string, { sequence, reason, file }: Unsound): string {
  return `${folder}: record ${sequence} ${reason}${file ? ` (${file})` : ''}.`;
}

function tell(folder: string, verdict: Sound, isKeyGiven: boolean, say: Say): void {
  const { gateway, first, head, checkpoints, unsigned, interruptions } = verdict;
  say(
    `${folder}: sound from ${first} to ${head.sequence}; gateway ${gateway}, ${checkpoints} checkpoints, ` +
      `${unsigned} records not signed yet; head ${head.sequence}:${head.hash}.`,
  );
  for (const { sequence, since, reason, lost } of interruptions) {
    say(
      `  Interrupted since ${since} (record ${sequence}): ${reason}; ${lost ?? 'nobody knows how many'} records lost.`,
    );
  }
  if (!isKeyGiven) say('  Checked with the key in the log. Give --key to be sure that it is the right one.');
}

/** Resolves to the reason why a proof is none; undefined for a sound one. */
async function verifyProof(file: string, keyFile: string | undefined, say: Say): Promise<string | undefined> {
  if (keyFile === undefined) throw new Error('A proof needs the public key. Give its file in --key.');
  const proof = await readJson(file);
  const refutation = refuteProof(proof, await readPublicKey(keyFile));
  if (refutation) return refutation;
  const { record, checkpoint } = proof;
  say(`Record ${record.sequence} of ${record.gateway} is as checkpoint ${checkpoint.sequence} signed it.`);
  return undefined;
}

/** Yields records as `reader` may see them, with the filter applied to what it sees; whole records without a reader. */
async function* linesOf(chains: readonly string[], filter: RecordFilter, reader: Department | undefined) {
  const matches = matcherOf(filter);
  for (const chain of chains) {
    for await (const record of readRecords(chain, filter)) {
      const seen = reader ? seenBy(viewerOf(reader), record) : record;
      if (seen && matches(seen)) yield `${JSON.stringify(seen)}\n`;
    }
  }
}

const viewerOf = (department: Department) =>
  ({ kind: 'department', department, role: 'viewer', user: '' }) as const;

async function chainsIn(folder: string): Promise<readonly string[]> {
  const chains = await listChains(folder);
  if (chains.length === 0) throw new Error(`There is no audit log in ${folder}.`);
  return chains;
}

async function onlyChainIn(folder: string): Promise<string> {
  const [chain, another] = await chainsIn(folder);
  if (chain !== undefined && another === undefined) return chain;
  throw new Error(`There are several chains in ${folder}. Name one of them by --folder, such as ${chain}.`);
}

async function readHead(text: string): Promise<Receipt> {
  const [, sequence, hash] = /^(\d+):([\da-f]{64})$/.exec(text) ?? [];
  if (hash !== undefined) return { sequence: Number(sequence), hash };
  const checkpoint = await readJson(text);
  return { sequence: checkpoint.sequence, hash: hashOf(JSON.stringify(checkpoint)) };
}

async function readCheckpoint(text: string, chain: string): Promise<CheckpointRecord> {
  if (!/^\d+$/.test(text)) return readJson(text);
  const found = await findCheckpoint(chain, Number(text));
  if (!found)
    throw new Error(
      `Record ${text} in ${chain} is no checkpoint. wenshu audit show --kind checkpoint lists them.`,
    );
  return found;
}

async function readJson(file: string) {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`${file} cannot be read (${error.code}).`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is no JSON.`);
  }
}

function time(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('It must be like 2026-11-22T08:00:00Z.');
  return at.toISOString();
}
