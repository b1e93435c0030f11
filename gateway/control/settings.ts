import { type Kind, setting } from '../lib/setting.ts';
import { anyText, cost, listOf, positiveNumber } from '../lib/setting-kinds.ts';

/** Peppers. The error message does not repeat the value, because it is secret. */
const peppers: Kind<readonly string[]> = {
  parse(text) {
    const all = listOf(text);
    return all.length <= 2 && all.every((each) => each.length >= 32) ? all : undefined;
  },
  rule: () => 'must be one secret of at least 32 characters, or two with a comma between them',
};

export const settings = {
  /** Newest first; none when the hub makes its own in the data folder. */
  keyPeppers: setting(
    'KEY_PEPPER',
    'Secret that API keys are hashed with; a second one after a comma is the one before it.',
    peppers,
    '',
  ),
  agreementLimits: {
    answerDays: setting(
      'AGREEMENT_ANSWER_DAYS',
      'Working days that the owner of data has to answer a request for it.',
      positiveNumber,
      '10',
    ),
    extensionDays: setting(
      'AGREEMENT_EXTENSION_DAYS',
      'Working days by which it can extend that, once and with a reason.',
      positiveNumber,
      '10',
    ),
    deliveryDays: setting(
      'AGREEMENT_DELIVERY_DAYS',
      'Working days that it has to deliver once it has approved.',
      positiveNumber,
      '20',
    ),
  },
  calendarFile: setting(
    'CALENDAR',
    'File of the holidays, and of the days worked in their stead (docs/keys.md).',
    anyText,
  ),
  keyCeilings: {
    costPerMinute: setting(
      'PARTNER_RATE_MAX',
      'Query cost a minute that a steward may allow a key at most; 0 for any (default: PARTNER_RATE).',
      cost,
    ),
    costPerDay: setting(
      'PARTNER_QUOTA_MAX',
      'Query cost a day that a steward may allow a key at most; 0 for any (default: PARTNER_QUOTA).',
      cost,
    ),
  },
};
