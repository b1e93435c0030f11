import { failureOf, linesOf } from '@wenshu/schema/failure.ts';
import { destination, pino } from 'pino';
import type { Log } from '../lib/log.ts';
import { type LogLevel, logLevels } from './settings.ts';

/**
 * Creates a log that writes messages of at least `level` to stdout: one JSON object a line, or readable text on a
 * terminal.
 */
export const consoleLog = (level: LogLevel): Log =>
  process.stdout.isTTY ? readableLog(level, (text) => process.stdout.write(text)) : jsonLog(level);

const jsonLog = (level: LogLevel): Log =>
  pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }) },
      serializers: { cause: (cause: unknown) => failureOf(cause) },
    },
    linesToStdout(),
  );

/**
 * Returns the time in pino's format, formatted once a millisecond: it would be a quarter of the cost of a
 * line (bench case `small`).
 */
function isoTime() {
  let last = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== last) text = `,"time":"${new Date(now).toISOString()}"`;
    last = now;
    return text;
  };
}

/**
 * Creates a buffered writer that does not wait for the reader, so that a line costs a request few microseconds
 * (bench case `small`). Lines of an idle gateway are written within a tenth of a second; a process that ends writes its lines
 * first.
 */
function linesToStdout() {
  const stdout = destination({ dest: 1, sync: false, maxLength: maxWaitingBytes });
  let lines = '';
  const flush = () => {
    if (lines !== '') stdout.write(lines);
    lines = '';
  };
  setInterval(flush, 100).unref();
  process.once('exit', () => {
    flush();
    stdout.flushSync();
  });
  return {
    write(line: string) {
      lines += line;
      if (lines.length >= 32_768) flush();
    },
  };
}

/** Maximum memory for lines that stdout has not taken. Further lines are dropped. */
const maxWaitingBytes = 16 * 1024 * 1024;

/**
 * Creates a log with one line for each message, and an indented line for each line of its causes, so that no cause
 * looks like a message.
 */
export function readableLog(level: LogLevel, write: (text: string) => void): Log {
  const lineOf = (at: LogLevel) => (details: Record<string, unknown>, message: string) => {
    if (logLevels.indexOf(at) < logLevels.indexOf(level)) return;
    const { cause, ...rest } = details;
    const values = Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${plain(valueText(value))}`);
    const head = [new Date().toTimeString().slice(0, 8), at.padEnd(5), plain(message), ...values].join(' ');
    const causes = cause === undefined ? [] : linesOf(failureOf(cause)).flatMap((line) => line.split('\n'));
    write(`${[head, ...causes.map((line) => `  ${plain(line)}`)].join('\n')}\n`);
  };
  return { info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') };
}

const valueText = (value: unknown) =>
  typeof value === 'string'
    ? value
    : (JSON.stringify(value instanceof Error ? failureOf(value) : value) ?? String(value));

/** Replaces characters that move the cursor, end the line or change colours. */
const plain = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, '\u{FFFD}');
