import { hash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { type FormatName, formatNames } from '../export/formats/format.ts';
import { type Opening, type PageMark, readMarks } from '../export/marks.ts';
import type { Config } from '../process/config.ts';
import { count, type ProgressLine, showProgress } from './progress.ts';
import { type Appended, appendedAs } from './query/appended.ts';
import { Failure } from './query/failure.ts';
import { finish } from './query/finish.ts';
import { askHub, type HubOptions } from './query/hub-client.ts';
import { openPartFile } from './query/part-file.ts';
import { readVariables } from './query/variables.ts';
import { exitCodes } from './run.ts';

type Say = (line: string) => void;

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

/** Adds what a data team asks with. */
export function addQueryCommand(query: Command, config: () => Config, say: Say): void {
  query
    .argument('<file>', 'the query; - reads it from the standard input')
    .option('--var <name=value>', 'value of a variable; may be given many times', collect, [])
    .addOption(
      new Option('--format <format>', 'of the table (default: as OUT ends, or ndjson)').choices(formatNames),
    )
    .option(
      '-o, --output <file>',
      'where the table goes; it appears when it is whole (default: standard output)',
    )
    .option('--operation <name>', 'which one, where the file has several')
    .option('--hub <address>', 'where the hub is (default: this machine, at PORT)', address)
    .option('--token <token>', 'says who asks (default: WENSHU_TOKEN)')
    .option('--purpose <text>', 'what it is for (用途), as the agreements name it')
    .option('--resume', 'go on where a try before this one came to', false)
    .option('--strict', 'rather nothing than a table in which something is missing', false)
    .option(
      '--explain',
      'say how the hub would go about it, what it would cost, and how many rows there are',
      false,
    )
    .option('--retries <number>', 'how often in a row to go on by itself after a break', wholeNumber, 5)
    .action(async (file: string, flags: Flags) => {
      const progress = showProgress('rows');
      try {
        process.exitCode = await run(file, flags, config(), progress, say);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        progress.say(`wenshu: ${error.message}`);
        process.exitCode = error.exitCode;
      } finally {
        progress.end();
      }
    });
}

async function run(
  file: string,
  flags: Flags,
  config: Config,
  progress: ProgressLine,
  say: Say,
): Promise<number> {
  const source = await readQuery(file);
  const variables = readVariables(parsed(source, file), flags.var);
  const question = { query: source, variables, operationName: flags.operation };
  const format = flags.format ?? formatOf(flags.output);
  if (flags.resume && !flags.output)
    throw new Failure('misused', 'Only what goes into a file can be resumed: say by -o which.');
  if (isBinary(format) && !flags.output)
    throw new Failure('misused', `${format} goes into a file: say by -o which.`);

  const left = new AbortController();
  const interrupt = () => left.abort(new Failure('interrupted', `Interrupted.${resumeHint(flags.output)}`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  const hub: HubOptions = {
    address: flags.hub ?? new URL(`http://localhost:${config.port}`),
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
  if (!flags.output) {
    const sink = toStandardOutput(format);
    const answer = await receive(sink);
    if (answer !== undefined) return printAnswer(answer, say);
    return conclude(sink.rows, sink.errors, progress);
  }
  const out = flags.output;
  const part = await openPartFile({
    out,
    format,
    queryHash: hash('sha256', JSON.stringify([question, format])),
    resumes: flags.resume,
  });
  if (part.state) progress.say(`Going on after ${count(part.state.rows)} rows.`);
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

/** Where rows go. */
type Sink = {
  begin(opening: Opening): Promise<void>;
  add(page: PageMark, rows: Buffer): Promise<void>;
  /** Where to go on. */
  readonly cursor: string | null;
  readonly rows: number;
};

/** Follows an export to its end, going on after breaks; resolves to the answer where it is no table. */
async function receiveAll(
  hub: HubOptions,
  question: Readonly<Record<string, unknown>>,
  sink: Sink,
  { retries, strict, output }: Flags,
  progress: ProgressLine,
): Promise<unknown> {
  let triesLeft = retries;
  let hasBegun = sink.rows > 0;
  for (;;) {
    const before = sink.rows;
    try {
      const answer = await receiveOnce(hub, question, sink, strict, progress, () => (hasBegun = true));
      return answer;
    } catch (error) {
      hub.signal.throwIfAborted();
      const failure = error instanceof Failure ? error : new Failure('unreachable', brokenBy(error), 1_000);
      if (sink.rows > before) triesLeft = retries;
      const { retryAfterMs } = failure;
      if (!hasBegun || retryAfterMs === undefined) throw failure;
      if (triesLeft === 0) throw new Failure('interrupted', `${failure.message}${resumeHint(output)}`);
      // Longer from one to the next: 1, 2, 4 … times.
      const delayMs = retryAfterMs * 2 ** (retries - triesLeft);
      triesLeft -= 1;
      progress.say(`${failure.message} Going on in ${Math.ceil(delayMs / 1000)} s.`);
      await wait(delayMs, undefined, { signal: hub.signal }).catch(() => {});
      hub.signal.throwIfAborted();
    }
  }
}

async function receiveOnce(
  hub: HubOptions,
  question: Readonly<Record<string, unknown>>,
  sink: Sink,
  isStrict: boolean,
  progress: ProgressLine,
  onBegin: () => void,
): Promise<unknown> {
  const response = await askHub(hub, { ...question, marks: true, after: sink.cursor });
  if (response.headers.get('content-type')?.startsWith('application/json')) return await response.json();
  let total: number | undefined;
  for await (const mark of readMarks(response.body as AsyncIterable<Uint8Array>)) {
    if (mark.kind === 'opening') {
      total = mark.opening.total;
      await sink.begin(mark.opening);
      onBegin();
    } else if (mark.kind === 'page') {
      if (isStrict && Object.keys(mark.page.errors).length > 0) {
        throw new Failure('partial', `Something is missing in the rows: ${listErrors(mark.page.errors)}.`);
      }
      await sink.add(mark.page, mark.rows);
      progress.report({ done: sink.rows, total });
    } else if (mark.kind === 'pause') {
      const waits = { seconds: mark.seconds, for: 'the rate limit of this minute' };
      progress.report({ done: sink.rows, total, waits });
    } else if (mark.kind === 'closing') {
      if (mark.closing.failure) throw failureOf(mark.closing.failure);
      return undefined;
    }
  }
  throw new Failure('unreachable', 'The connection to the hub broke.', 1_000);
}

/** Why the hub gave up in the middle. */
function failureOf({ code, message }: { readonly code: string; readonly message: string }): Failure {
  const words = `${message} (${code})`;
  if (code === 'QUOTA_EXCEEDED' || code === 'RATE_LIMITED') return new Failure('refused', words);
  if (code === 'EXPORT_REFUSED') return new Failure('misused', words);
  return new Failure('interrupted', words, 1_000);
}

const brokenBy = (error: unknown) => {
  const { cause, message } = error as {
    readonly cause?: { readonly code?: string };
    readonly message?: string;
  };
  return `The connection to the hub broke (${cause?.code ?? message}).`;
};

const resumeHint = (out: string | undefined) =>
  out ? ` What has come is kept in ${out}.part; run this again with --resume.` : '';

type Output = Sink & { readonly errors: Readonly<Record<string, number>> };

function toStandardOutput(format: FormatName): Output {
  const errors: Record<string, number> = {};
  let appended: Appended | undefined;
  let columns: Opening['columns'] = [];
  let cursor: string | null = null;
  let rows = 0;
  const write = async (bytes: Buffer) => {
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
  };
  // Whoever reads has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  return {
    errors,
    get cursor() {
      return cursor;
    },
    get rows() {
      return rows;
    },
    async begin(opening) {
      if (!appended) {
        appended = appendedAs(format, opening.columns);
        columns = opening.columns;
        await write(appended.head);
      } else if (JSON.stringify(columns) !== JSON.stringify(opening.columns)) {
        throw new Failure('failed', 'The hub gives other columns now than before the break.');
      }
    },
    async add(page, lines) {
      if (!appended) throw new Error('Rows come after the opening.');
      await write(appended.rows(lines));
      rows += page.rows;
      cursor = page.cursor;
      for (const [code, more] of Object.entries(page.errors)) errors[code] = (errors[code] ?? 0) + more;
    },
  };
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

const listErrors = (errors: Readonly<Record<string, number>>) =>
  Object.entries(errors)
    .map(([code, times]) => `${code} ${count(times)} times`)
    .join(', ');

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

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
