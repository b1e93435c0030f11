import { type Kind, setting } from '../lib/setting.ts';
import { anyText, cost, listOf, positiveDuration, positiveNumber } from '../lib/setting-kinds.ts';

/** Peppers. The error message does not repeat the value, because it is secret. */
const peppers: Kind<readonly string[]> = {
  parse(text) {
    const all = listOf(text);
    return all.length <= 2 && all.every((each) => each.length >= 32) ? all : undefined;
  },
  rule: () => 'must be one secret of at least 32 characters, or two with a comma between them',
};

/** Hosts, each with or without a port. */
const hosts: Kind<readonly string[]> = {
  parse(text) {
    const all = listOf(text.toLowerCase());
    return all.every((each) => /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(each)) ? all : undefined;
  },
  rule: (text) => `must be hosts like events.example.gov.cn or 10.0.0.8:8080, not "${text}"`,
};

export const settings = {
  /** Newest first; none when the hub makes its own in the data folder. */
  keyPeppers: setting(
    'KEY_PEPPER',
    'The secret with which API keys are hashed, at least 32 characters. After a comma, the earlier secret may follow. Without it, the hub creates one outside production.',
    peppers,
    '',
  ),
  agreementLimits: {
    answerDays: setting(
      'AGREEMENT_ANSWER_DAYS',
      'The number of working days in which the owner of data must answer a request for an agreement.',
      positiveNumber,
      '10',
    ),
    extensionDays: setting(
      'AGREEMENT_EXTENSION_DAYS',
      'The number of working days by which the owner may extend this time, once and with a reason.',
      positiveNumber,
      '10',
    ),
    deliveryDays: setting(
      'AGREEMENT_DELIVERY_DAYS',
      'The number of working days in which the owner must deliver the data after its approval.',
      positiveNumber,
      '20',
    ),
  },
  calendarFile: setting(
    'CALENDAR',
    'The file of the holidays and of the make-up working days, for gateway and subgraphs alike (docs/keys.md). Without it, the calendar of 2025 and 2026 that comes with the hub applies.',
    anyText,
  ),
  deadlinesFile: setting(
    'DEADLINES',
    'The file of the working days after which a step of a workflow is due, by type, action, kind and region, and of other terms (docs/workflows/deadlines.md). Without it, the days of the tables of the workflows apply.',
    anyText,
  ),
  changesKeptDays: setting(
    'CHANGES_DAYS',
    'The number of days for which the events of workflows are kept for those who read changes.',
    positiveNumber,
    '7',
  ),
  webhooks: {
    hosts: setting(
      'WEBHOOK_HOSTS',
      'The hosts inside the network to which webhooks may be sent, over http too, separated by commas, each with or without a port. Without it, webhooks are sent by https to public addresses only.',
      hosts,
      '',
    ),
    mostPerOwner: setting(
      'WEBHOOKS_MAX',
      'The maximum number of webhooks of a department, and of an API key.',
      positiveNumber,
      '10',
    ),
    timeoutMs: setting(
      'WEBHOOK_TIMEOUT',
      'The time in which the receiver of a webhook must answer.',
      positiveDuration,
      '15s',
    ),
    everyMs: setting(
      'WEBHOOK_POLL',
      'The time after which a webhook is looked at for events if none was announced.',
      positiveDuration,
      '30s',
    ),
  },
  keyCeilings: {
    costPerMinute: setting(
      'PARTNER_RATE_MAX',
      'The maximum query cost in a minute that a steward may allow a key; 0 means no maximum (default: PARTNER_RATE).',
      cost,
    ),
    costPerDay: setting(
      'PARTNER_QUOTA_MAX',
      'The maximum query cost in a day that a steward may allow a key; 0 means no maximum (default: PARTNER_QUOTA).',
      cost,
    ),
  },
};
