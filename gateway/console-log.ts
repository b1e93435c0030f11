import type { LogLevel } from './config.ts';
import type { Log } from './log.ts';

const levels: readonly LogLevel[] = ['info', 'warn', 'error'];

/** Writes a line of JSON to stderr for each message of at least `level`. */
export function consoleLog(level: LogLevel): Log {
  const lineOf = (at: LogLevel) => (details: Record<string, unknown>, message: string) => {
    if (levels.indexOf(at) < levels.indexOf(level)) return;
    console.error(
      JSON.stringify({ time: new Date().toISOString(), level: at, message, ...details }, errorsAsText),
    );
  };
  return { info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') };
}

/** JSON would write an error as `{}`. */
const errorsAsText = (_key: string, value: unknown) =>
  value instanceof Error ? (value.stack ?? value.message) : value;
