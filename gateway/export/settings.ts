import { setting } from '../lib/setting.ts';
import { duration, positiveNumber } from '../lib/setting-kinds.ts';

export const settings = {
  exportLimits: {
    concurrency: setting(
      'EXPORTS',
      'How many exports may read at a time; more are answered 503.',
      positiveNumber,
      '4',
    ),
    perCaller: setting(
      'EXPORTS_PER_CALLER',
      'How many exports a person, or a partner with all its keys, may have under way, with those that wait for the rate limit.',
      positiveNumber,
      '2',
    ),
    timeoutMs: setting(
      'EXPORT_TIMEOUT',
      'How long an export may take, and hold its snapshots; after that it has to be resumed.',
      duration,
      '1h',
    ),
    idleMs: setting(
      'EXPORT_IDLE',
      'How long the reader of an export may take nothing of it.',
      duration,
      '60s',
    ),
  },
};
