import { readFileSync } from 'node:fs';

/** Rules that an office may set otherwise. */
type LedgerRules = {
  /** The day of the following month by which a month is reported. */
  readonly reportDay: number;
  /** By how many points of the year plan the money may fall short of the plan's share. */
  readonly behindPoints: number;
};

export const ledgerRules: LedgerRules = JSON.parse(
  readFileSync(new URL('ledger-rules.json', import.meta.url), 'utf8'),
);
