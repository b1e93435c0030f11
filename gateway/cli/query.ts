import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { type FormatName, formatNames } from '../export/formats/format.ts';
import type { Opening } from '../export/marks.ts';
import { originFromHere } from '../http/loopback.ts';
import type { Say } from '../process/say.ts';
import { wholeNumber } from './options.ts';
import { count, type ProgressLine, showProgress } from './progress.ts';
import { Failure } from './query/failure.ts';
import { finish } from './query/finish.ts';
import { askHub, type HubOptions } from './query/hub-client.ts';
import { openPartFile } from './query/part-file.ts';
import { listErrors, receiveAll, resumeHint, type Sink } from './query/receive.ts';
import { toStandardOutput } from './query/standard-output.ts';
import { readVariables } from './query/variables.ts';
import { exitCodes } from './run.ts';
import { configOf, Ended, type Surroundings, sayerOf } from './surroundings.ts';

type Flags = {
  readonly var: readonly string[];
  readonly format?: FormatName;
  readonly output?: string;
  readonly operation?: string;
  readonly hub?: URL;
  readonly token?: string;
  readonly purpose?: string;
  readonly resume: boolean;
  readonly strict: boolean;
  readonly explain: boolean;
  readonly retries: number;
};

/** Adds the command that runs a query and writes a table. */
export function addQueryCommand(query: Command, surroundings: Surroundings): void {
  query
    .argument('<file>', 'file with the query; - reads the standard input')
    .option('--var <name=value>', 'value of a variable; can be repeated', collect, [])
    .addOption(
      new Option(
        '--format <format>',
        'format of the table (default: the ending of the output file, else ndjson)',
      ).choices(formatNames),
    )
    .option(
      '-o, --output <file>',
      'file for the table, written when the table is complete (default: standard output)',
    )
    .option('--operation <name>', 'operation to run, for a file with several')
    .option('--hub <address>', 'address of the hub (default: PORT on this machine)', address)
    .option('--token <token>', 'token that identifies you (default: WENSHU_TOKEN)')
    .option('--purpose <text>', 'purpose of use (用途), as an agreement names it')
    .option('--resume', 'continue where an earlier run with the same -o stopped', false)
    .option('--strict', 'write no table when data in it is missing or hidden', false)
    .option('--explain', 'print the columns, number of rows, cost and plan, and export nothing', false)
    .option(
      '--retries <number>',
      'maximum number of retries in a row; a new row starts the count again',
      wholeNumber(0, 999),
      5,
    )
    .action(async (file: string, flags: Flags) => {
      const progress = showProgress('rows', surroundings.err);
      try {
        const exitCode = await run(file, flags, surroundings, progress);
        if (exitCode !== exitCodes.done) throw new Ended(exitCode);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        progress.say(`wenshu: ${error.message}`);
        throw new Ended(error.exitCode);
      } finally {
        progress.end();
      }
    });
}

async function run(
  file: string,
  flags: Flags,
  surroundings: Surroundings,
  progress: ProgressLine,
): Promise<number> {
  const config = configOf(surroundings);
  const say = sayerOf(surroundings);
  const source = await readQuery(file);
  const variables = readVariables(parsed(source, file), flags.var);
  const question = { query: source, variables, operationName: flags.operation };
  const format = flags.format ?? formatOf(flags.output);
  if (flags.resume && !flags.output)
    throw new Failure('misused', 'Only an export into a file can be resumed. Give the file in -o.');
  if (isBinary(format) && !flags.output)
    throw new Failure('misused', `${format} is written into a file. Name it in -o.`);

  const left = new AbortController();
  const interrupt = () => left.abort(new Failure('interrupted', `Interrupted.${resumeHint(flags.output)}`));
  using signals = new DisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, interrupt);
    signals.defer(() => process.off(signal, interrupt));
  }
  const hub: HubOptions = {
    address: flags.hub ?? new URL(originFromHere(config.host, config.port)),
    token: flags.token ?? config.token,
    purpose: flags.purpose,
    isStrict: flags.strict,
    signal: left.signal,
  };

  if (flags.explain) {
    say(describe(await (await askHub(hub, { ...question, explain: true })).json()));
    return exitCodes.done;
  }
  const receive = (sink: Sink) => receiveAll(hub, question, sink, flags, progress);
  if (flags.output)
    return await receiveIntoFile(flags.output, { question, format, flags, receive }, progress, say);
  const sink = toStandardOutput(format, surroundings.out);
  const answer = await receive(sink);
  return answer === undefined ? conclude(sink.rows, sink.errors, progress) : printAnswer(answer, say);
}

type Receiving = {
  readonly question: unknown;
  readonly format: FormatName;
  readonly flags: Pick<Flags, 'resume'>;
  /** Receives the rows. Resolves to the answer when it is not a table. */
  readonly receive: (sink: Sink) => Promise<unknown>;
};

/** Receives a table into a part file beside `out`, which is renamed to `out` when it is complete. */
async function receiveIntoFile(
  out: string,
  { question, format, flags, receive }: Receiving,
  progress: ProgressLine,
  say: Say,
): Promise<number> {
  const part = await openPartFile({
    out,
    format,
    queryHash: hash('sha256', JSON.stringify([question, format])),
    resumes: flags.resume,
  });
  if (part.state) progress.say(`Continuing after ${count(part.state.rows)} rows.`);
  try {
    const answer = await receive({
      begin: part.begin,
      add: part.add,
      get cursor() {
        return part.state?.cursor ?? null;
      },
      get rows() {
        return part.state?.rows ?? 0;
      },
    });
    if (answer !== undefined) {
      await part.remove();
      return printAnswer(answer, say);
    }
  } finally {
    await part.close();
  }
  const manifest = await finish(out, format, part);
  return conclude(manifest.rows, manifest.errors, progress, out);
}

function conclude(
  rows: number,
  errors: Readonly<Record<string, number>>,
  progress: ProgressLine,
  out?: string,
): number {
  if (out) progress.say(`${count(rows)} rows in ${out}.`);
  if (Object.keys(errors).length === 0) return exitCodes.done;
  progress.say(`wenshu: Something is missing in the rows: ${listErrors(errors)}.`);
  return exitCodes.partial;
}

type Answer = { readonly data?: unknown; readonly errors?: readonly unknown[] };

function printAnswer(answer: unknown, say: Say): number {
  say(JSON.stringify(answer, null, 2));
  const { data, errors } = answer as Answer;
  if (!errors) return exitCodes.done;
  return data === undefined || data === null ? exitCodes.failed : exitCodes.partial;
}

type Explained = {
  readonly columns: Opening['columns'];
  readonly total?: number;
  readonly cost: number;
  readonly writtenByDatabase: boolean;
  readonly plan: unknown;
};

const describe = ({ columns, total, cost, writtenByDatabase, plan }: Explained) =>
  [
    `Columns  ${columns.map(({ name, kind, isList }) => `${name} ${kind}${isList ? '[]' : ''}`).join(', ')}`,
    `Rows     ${total === undefined ? 'not known' : count(total)}`,
    `Cost     ${count(cost)}`,
    `Read     ${writtenByDatabase ? 'as the database writes them, where all columns are plain' : 'page by page through the executor'}`,
    `Plan     ${JSON.stringify(plan, null, 2)}`,
  ].join('\n');

async function readQuery(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin);
  return await readFile(file, 'utf8').catch((error) => {
    throw new Failure('misused', `${file} cannot be read (${error.code}).`);
  });
}

function parsed(source: string, file: string): DocumentNode {
  try {
    return parse(source, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError)
      throw new Failure('misused', `${file} is no GraphQL: ${error.message}`);
    throw error;
  }
}

const formatOf = (out = ''): FormatName => formatNames.find((name) => out.endsWith(`.${name}`)) ?? 'ndjson';

const isBinary = (format: FormatName) => format === 'parquet' || format === 'xlsx';

const collect = (value: string, before: readonly string[]) => [...before, value];

function address(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError('It must be like https://hub.example.');
}
