import { failureOf, linesOf } from '@wenshu/schema/failure.ts';
import { destination, pino } from 'pino';
import type { Log } from '../lib/log.ts';
import { type LogLevel, logLevels } from './settings.ts';

/** Writes messages of at least `level` to stdout: as JSON, a line each, or as people read it on a terminal. */
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

/** As pino's own, but written only once a millisecond: a third of what a line costs is its time. */
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
 * Writes many lines at once, without waiting for the reader: a line then costs a request a few microseconds.
 * A quiet gateway's lines come within a tenth of a second; those of a process that ends come before its end.
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

/** What a reader of stdout that hangs may cost in memory; lines beyond it are dropped. */
const maxWaitingBytes = 16 * 1024 * 1024;

/** One line a message, and an indented one for each line of its causes, so that none passes for a message. */
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

/** Nothing that moves the cursor, ends the line or changes colours. */
const plain = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, '\u{FFFD}');
