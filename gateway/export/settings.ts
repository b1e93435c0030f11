import { setting } from '../lib/setting.ts';
import { duration, positiveNumber } from '../lib/setting-kinds.ts';

export const settings = {
  exportLimits: {
    concurrency: setting(
      'EXPORTS',
      'The maximum number of exports that read at a time. The gateway answers more exports with 503.',
      positiveNumber,
      '4',
    ),
    perCaller: setting(
      'EXPORTS_PER_CALLER',
      'The maximum number of exports of one person, or of one partner with all its keys, including exports that wait for the rate limit. The gateway answers more exports with 503.',
      positiveNumber,
      '2',
    ),
    timeoutMs: setting(
      'EXPORT_TIMEOUT',
      'The time limit of an export and of its snapshots. After it, the export ends and the caller can resume it.',
      duration,
      '1h',
    ),
    idleMs: setting(
      'EXPORT_IDLE',
      'The time in which the reader of an export must read something. After it, the export ends and the caller can resume it.',
      duration,
      '60s',
    ),
  },
};
