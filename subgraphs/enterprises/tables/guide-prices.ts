import { textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, index, numeric, primaryKey, text } from 'drizzle-orm/pg-core';
import { enumValues, isValueOf, statementColumns } from './record-columns.ts';
import { schema } from './shared.ts';

/** Guide prices 指导价: the price below which a tour of a line is no honest offer, issued by associations for a period. */
export const guidePrices = schema.table(
  'guide_prices',
  {
    ...statementColumns(),
    lineZh: text('line_zh').notNull(),
    floor: numeric({ precision: 20, scale: 2 }).notNull(),
    regionCode: text('region_code').notNull(),
    validFrom: date('valid_from', { mode: 'string' }).notNull(),
    validUntil: date('valid_until', { mode: 'string' }).notNull(),
    basisZh: text('basis_zh'),
    recordedById: text('recorded_by_id'),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
  },
  (t) => [
    check('guide_prices_floor', sql`${t.floor} > 0`),
    check('guide_prices_period', sql`${t.validUntil} >= ${t.validFrom}`),
    check('guide_prices_stage_known', isValueOf('GuidePriceStage', t.stage)),
    ...textIndexes('guide_prices_line_zh', t.lineZh),
    index('guide_prices_floor').on(t.floor, t.id),
    index('guide_prices_region').on(t.regionCode, t.id),
    index('guide_prices_valid_from').on(t.validFrom, t.id),
    index('guide_prices_valid_until').on(t.validUntil, t.id),
    index('guide_prices_stage').on(t.stage, t.id),
    index('guide_prices_synthetic').on(t.synthetic, t.id),
    index('guide_prices_updated_at').on(t.updatedAt, t.id),
  ],
);

/** The associations that issued a guide price. */
export const guidePriceIssuers = schema.table(
  'guide_price_issuers',
  {
    guidePriceId: text('guide_price_id')
      .notNull()
      .references(() => guidePrices.id, { onDelete: 'cascade' }),
    agencyId: text('agency_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.guidePriceId, t.agencyId] }),
    index('guide_price_issuers_agency').on(t.agencyId, t.guidePriceId),
  ],
);

export const guidePriceSteps = stepTable(
  schema,
  'guide_price_steps',
  () => guidePrices.id,
  enumValues.GuidePriceStage,
);

export type GuidePriceRow = typeof guidePrices.$inferSelect;
