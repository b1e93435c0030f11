import { GraphQLError } from 'graphql';

/** Description of an error for a log: what failed and where, but no value that a caller sent. */
export type Failure = {
  readonly name: string;
  /** Code of Postgres (SQLSTATE), of Node, or our own. */
  readonly code?: string;
  readonly message: string;
  /** Names that Postgres gives. */
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  /** Lines of the stack trace. */
  readonly at?: readonly string[];
  readonly cause?: Failure;
};

/** Returns the description of an error for the log. */
export function failureOf(error: unknown, depth = 0): Failure {
  if (isFailure(error)) return error;
  // A thrown value that is no error can hold anything, so nothing of it is logged.
  if (!(error instanceof Error))
    return made({ name: typeof error, message: 'It was no error.', ...coded(error) });
  if (isOfStatement(error)) return ofStatement(error, depth);
  const cause = error.cause !== undefined && depth < maxDepth && failureOf(error.cause, depth + 1);
  return made({
    name: error.name,
    ...coded(error),
    message: messageOf(error),
    ...namesOf(error),
    ...framesOf(error),
    ...(cause && { cause }),
  });
}

const maxDepth = 5;
const known = new WeakSet<object>();
const isFailure = (error: unknown): error is Failure =>
  typeof error === 'object' && error !== null && known.has(error);

function made(failure: Failure): Failure {
  known.add(failure);
  return failure;
}

/** True for an error of drizzle around an error of Postgres: its message holds the statement with its parameters. */
const isOfStatement = (error: Error) => 'query' in error && 'params' in error;

/** Returns the error of Postgres, with the place in our code that sent the statement. */
function ofStatement(error: Error, depth: number): Failure {
  const said: Failure =
    error.cause === undefined
      ? { name: 'Error', message: 'A statement failed.' }
      : failureOf(error.cause, depth + 1);
  return made({ ...said, ...framesOf(error) });
}

function coded(error: unknown): Pick<Failure, 'code'> {
  const code =
    error instanceof GraphQLError ? error.extensions.code : (error as { code?: unknown } | null)?.code;
  return (typeof code === 'string' && /^\w{1,64}$/.test(code)) || typeof code === 'number'
    ? { code: String(code) }
    : {};
}

/** Names of the schema, under the field names of postgres.js. */
function namesOf(error: Error): Pick<Failure, 'constraint' | 'table' | 'column'> {
  const { constraint_name, table_name, column_name } = error as Readonly<Partial<Record<string, string>>> &
    Error;
  return {
    ...(constraint_name && { constraint: constraint_name }),
    ...(table_name && { table: table_name }),
    ...(column_name && { column: column_name }),
  };
}

function messageOf(error: Error): string {
  const message = error.message || (coded(error).code ?? error.name);
  return mayQuote(error) ? withoutQuotes(message) : message;
}

/**
 * SQLSTATE classes whose messages name parts of the schema and of the server, but no value. A syntax error (42601) quotes the statement.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const plainStates = /^(08|23|28|3D|3F|40|42(?!601)|53|54|55|57|58)/;

/** True if the message of an error may hold a value: errors of Postgres about data, errors of parsers, and errors for callers. */
function mayQuote(error: Error): boolean {
  if (error.name === 'PostgresError') return !plainStates.test(coded(error).code ?? '');
  return error instanceof SyntaxError || error instanceof GraphQLError;
}

/** Returns a message without quoted text and without text after a colon. */
export const withoutQuotes = (message: string): string =>
  message
    .replace(/(["'`“])[\s\S]*["'`”]/, '…')
    .replace(/: [\s\S]*$/, '')
    .slice(0, 500);

/** Returns the stack trace without the message before it. */
function framesOf({ stack = '', message }: Error): Pick<Failure, 'at'> {
  const start = stack.indexOf(message);
  if (start === -1) return {};
  const frames = stack
    .slice(start + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .map((line) => line.slice('at '.length));
  return frames.length > 0 ? { at: frames } : {};
}

/** Returns a failure as lines of text for a terminal. */
export function linesOf({ name, code, message, constraint, at = [], cause }: Failure): readonly string[] {
  const head = `${name}${code === undefined ? '' : ` ${code}`}: ${message}${constraint ? ` (${constraint})` : ''}`;
  return [
    head,
    ...at.map((line) => `    at ${line}`),
    ...(cause ? linesOf(cause).map((line, i) => (i === 0 ? `caused by ${line}` : line)) : []),
  ];
}
