import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { inKeyOrder } from '@wenshu/kit/in-key-order.ts';
import { rowsOf } from '@wenshu/kit/statement.ts';
import { type Line, suppressedCells } from '@wenshu/kit/suppression.ts';
import { isSyntheticId, syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { eq, sql } from 'drizzle-orm';
import { findingSteps, findings, inspections } from './tables.ts';

/** Steps of a funnel in order. An inspection has reached each step or not. */
const steps = ['suspected', 'filed', 'penalised', 'warned', 'exempted', 'dismissed'] as const;
type Step = (typeof steps)[number];

/** Number of inspections of a campaign that reached each step; null where the number would disclose single enterprises. */
export type Funnel = Record<Step, number | null> & {
  inspected: number;
  isSuppressed: boolean;
  synthetic: boolean;
};

/** Enterprises whose inspections reached the same steps; the steps of each inspection are bits. */
interface Profile {
  campaignId: string;
  marks: number[];
  enterprises: number;
}

/**
 * Returns the funnel of a campaign; null if fewer than three enterprises are on record as inspected, which does not mean that there were
 * none.
 */
export const funnelOf = (context: Context, campaignId: string): Promise<Funnel | null> =>
  context
    .batch<string, Funnel | null>('funnel of campaign', async (campaignIds) => {
      const byCampaign = Map.groupBy(await profilesOf(context, campaignIds), (row) => row.campaignId);
      const funnels = [...byCampaign].map(([id, profiles]) => ({ id, funnel: funnelBy(id, profiles) }));
      return inKeyOrder(campaignIds, funnels, ({ id }) => id).map((found) => found?.funnel ?? null);
    })
    .load(campaignId);

function profilesOf({ db }: Context, campaignIds: readonly string[]): Promise<Profile[]> {
  const reached = (stage: string) => sql`coalesce(reached.stages @> array[${sql.raw(`'${stage}'`)}], false)`;
  const isSuspected = sql`(${inspections.result} = 'SUSPECTED' or reached.findings > 0)`;
  const bits = [isSuspected, ...['FILED', 'PENALISED', 'WARNED', 'EXEMPTED', 'DISMISSED'].map(reached)];
  const marks = sql.join(
    bits.map((bit, i) => sql`case when ${bit} then ${sql.raw(String(1 << i))} else 0 end`),
    sql` + `,
  );
  return rowsOf<Profile>(
    db,
    sql`
    select "campaignId", marks, count(*)::int as enterprises
    from (
      select ${inspections.campaignId} as "campaignId", array_agg(${marks} order by ${marks}) as marks
      from ${inspections} cross join lateral (
        select array_agg(${findingSteps.stage}) as stages, count(${findings.id}) as findings
        from ${findings} left join ${findingSteps} on ${eq(findingSteps.objectId, findings.id)}
        where ${eq(findings.inspectionId, inspections.id)}
      ) as reached
      where ${inspections.campaignId} = any(${sql.param(campaignIds)}::text[])
        and ${inspections.synthetic} = starts_with(${inspections.campaignId}, ${sql.raw(`'${syntheticPrefix}'`)})
      group by ${inspections.campaignId}, ${inspections.enterpriseId}
    ) as inspected
    group by 1, 2`,
  );
}

type Has = (mark: number) => boolean;

function funnelBy(campaignId: string, profiles: readonly Profile[]): Funnel | null {
  const enterprisesWhere = (has: Has) =>
    sum(profiles.map(({ marks, enterprises }) => (marks.some(has) ? enterprises : 0)));
  const inspectionsWhere = (has: Has) =>
    sum(profiles.map(({ marks, enterprises }) => marks.filter(has).length * enterprises));
  if (enterprisesWhere(() => true) < fewestUnits) return null;
  const hidden = hiddenSteps(enterprisesWhere, inspectionsWhere);
  const shown = steps.map((step) => [step, hidden.has(step) ? null : inspectionsWhere(at(step))] as const);
  return {
    inspected: inspectionsWhere(() => true),
    ...(Object.fromEntries(shown) as Record<Step, number | null>),
    isSuppressed: steps.some((step) => hidden.has(step)),
    synthetic: isSyntheticId(campaignId),
  };
}

/**
 * Returns the steps to suppress. A caller who knows the number of a step and of a step within it knows how many stopped between them: that
 * difference is a part too, though nobody can ask for it. Every step is within `inspected`, and within each earlier step that contains all
 * of its inspections.
 */
function hiddenSteps(
  enterprisesWhere: (has: Has) => number,
  inspectionsWhere: (has: Has) => number,
): ReadonlyMap<string, unknown> {
  const cells = new Map([['inspected', enterprisesWhere(() => true)]]);
  const lines: Line[] = [];
  for (const [i, step] of steps.entries()) {
    cells.set(step, enterprisesWhere(at(step)));
    const within = steps.slice(0, i).filter((before) => {
      const beyond = inspectionsWhere((mark) => at(step)(mark) && !at(before)(mark));
      return beyond === 0 && inspectionsWhere(at(step)) > 0;
    });
    for (const whole of ['inspected', ...within] as const) {
      const rest = whole + without + step;
      const inWhole: Has = whole === 'inspected' ? () => true : at(whole);
      cells.set(
        rest,
        enterprisesWhere((mark) => inWhole(mark) && !at(step)(mark)),
      );
      lines.push({ total: whole, parts: [step, rest] });
    }
  }
  return suppressedCells(cells, lines, {
    riskOf: (enterprises) => (enterprises < fewestUnits ? 'FEW' : null),
    together: sum,
    canBeAsked: (key) => !key.includes(without),
    sizeOf: (enterprises) => enterprises,
  });
}

const without = ' without ';

const at =
  (step: Step): Has =>
  (mark) =>
    (mark & (1 << steps.indexOf(step))) !== 0;

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
