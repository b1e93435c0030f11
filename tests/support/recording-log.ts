import type { Log } from '@wenshu/gateway/lib/log.ts';

export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly message: string };

/** A log that keeps its lines for a test to read. */
export function recordingLog(): Log & { readonly lines: readonly Line[] } {
  const lines: Line[] = [];
  const lineOf = (level: string) => (details: Record<string, unknown>, message: string) =>
    void lines.push({ ...details, level, message });
  return { lines, info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') };
}
