import { readFileSync } from 'node:fs';

/** Practice of law enforcement that laws leave to cities, or that changes with them. `docs/workflows/findings.md` explains each rule. */
export type EnforcementRules = {
  /** The least number of officers of an inspection. */
  readonly leastOfficers: number;
  /** Working days after an inspection within which it is recorded. */
  readonly recordWorkingDays: number;
  /** Working days after the notification within which an enterprise may state its case. */
  readonly statementWorkingDays: number;
  /** Days from the filing of a case to its decision. */
  readonly caseDays: number;
  /** Days before an exemption of a first violation without another exemption or penalty, of any agency. */
  readonly firstOffenceLookBackDays: number;
  /** Bounds of the tolerance period after such an exemption, in days. */
  readonly toleranceDays: { readonly least: number; readonly most: number };
  /** Days for which a penalty is published, unless the publication says otherwise. */
  readonly publicationDays: number;
};

export const enforcementRules: EnforcementRules = JSON.parse(
  readFileSync(new URL('enforcement-rules.json', import.meta.url), 'utf8'),
);
