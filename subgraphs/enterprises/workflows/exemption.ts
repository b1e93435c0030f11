import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { enforcementRules } from '@wenshu/schema/enforcement-rules.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { ExemptFindingInput } from '../schema-types.ts';
import { type FindingRow, findings } from '../tables.ts';
import { addDays } from './days.ts';

/** What is established of a violation when it is decided on. */
export type Established = Pick<FindingRow, 'severity' | 'harmCaused' | 'correctedOn'>;

/** A requirement of article 33 that is not met. */
type Unmet = { readonly code: string; readonly messageZh: string; readonly messageEn: string };

const unmet = {
  NOT_CORRECTED: { messageZh: '尚未改正。', messageEn: 'It is not corrected.' },
  NOT_MINOR: { messageZh: '违法行为不属轻微。', messageEn: 'The violation is not minor.' },
  HARM: { messageZh: '造成了危害后果。', messageEn: 'It caused harm.' },
  MORE_THAN_SLIGHT_HARM: {
    messageZh: '危害后果不属轻微或未认定。',
    messageEn: 'The harm is more than slight, or not established.',
  },
} as const;

const because = (code: keyof typeof unmet): Unmet => ({ code, ...unmet[code] });

/**
 * Throws NOT_EXEMPTIBLE with all requirements that are not met (行政处罚法 art. 33). A first violation has no exemption and no penalty of any
 * agency in the days before.
 */
export async function requireExemptible(
  db: Database,
  finding: FindingRow,
  { severity, harmCaused, correctedOn }: Established,
  kind: ExemptFindingInput['kind'],
): Promise<void> {
  const failed = [
    ...(correctedOn === null ? [because('NOT_CORRECTED')] : []),
    ...(kind === 'MINOR_CORRECTED' && severity !== 'MINOR' ? [because('NOT_MINOR')] : []),
    ...(kind === 'MINOR_CORRECTED' && harmCaused !== 'NONE' ? [because('HARM')] : []),
    ...(kind === 'FIRST_CORRECTED' && harmCaused !== 'NONE' && harmCaused !== 'SLIGHT'
      ? [because('MORE_THAN_SLIGHT_HARM')]
      : []),
    ...(kind === 'FIRST_CORRECTED' ? await earlierDecisions(db, finding) : []),
  ];
  if (failed.length === 0) return;
  throw new HubError('NOT_EXEMPTIBLE', failed.map(({ messageEn }) => messageEn).join(' '), {
    messageZh: failed.map(({ messageZh }) => messageZh).join(''),
    failed,
  });
}

/** Returns a requirement that is not met if the enterprise was exempted or penalised within the look-back. */
async function earlierDecisions(db: Database, { id, enterpriseId }: FindingRow): Promise<Unmet[]> {
  const { firstOffenceLookBackDays: days } = enforcementRules;
  const decidedOn = sql`case when ${findings.penaltyWithdrawnOn} is null then coalesce(${findings.exemptionDecidedOn}, ${findings.penaltyDecidedOn}) end`;
  const [last] = await db
    .select({ on: sql<string>`${decidedOn}::text` })
    .from(findings)
    .where(
      and(
        eq(findings.enterpriseId, enterpriseId),
        ne(findings.id, id),
        sql`${decidedOn} >= ${addDays(today(), -days)}::date`,
      ),
    )
    .orderBy(sql`1 desc`)
    .limit(1);
  if (!last) return [];
  return [
    {
      code: 'NOT_FIRST',
      messageZh: `${days}日内已有不予处罚或处罚决定(${last.on})。`,
      messageEn: `It was exempted or penalised within ${days} days, on ${last.on}.`,
    },
  ];
}

/** Checks the tolerance period, which goes with the exemption of a first violation alone. */
export function checkTolerance(
  problems: Problems,
  { kind, toleranceUntil = null }: ExemptFindingInput,
): string | null {
  const { least, most } = enforcementRules.toleranceDays;
  const [from, to] = [addDays(today(), least), addDays(today(), most)];
  const isDue = kind === 'FIRST_CORRECTED';
  const isWithin = toleranceUntil !== null && toleranceUntil >= from && toleranceUntil <= to;
  if (isDue && !isWithin)
    problems.add(
      'toleranceUntil',
      'DATE',
      `宽容期止须在 ${from} 至 ${to} 之间。`,
      `The tolerance period must end from ${from} to ${to}.`,
    );
  if (!isDue && toleranceUntil !== null)
    problems.add(
      'toleranceUntil',
      'DATE',
      '轻微不罚没有宽容期。',
      'Only a first violation has a tolerance period.',
    );
  return toleranceUntil;
}
