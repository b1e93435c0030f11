import { byPinyin, fromHighest, type HonourRow, recordColumns, textIndexes } from '@wenshu/kit/tables.ts';
import { boolean, date, index, integer, jsonb, numeric, primaryKey, text } from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';

export const enterprises = schema.table(
  'enterprises',
  {
    ...recordColumns(),
    fullNameZh: text('full_name_zh'),
    creditCode: text('credit_code').unique(),
    kind: text().notNull(),
    ownership: text(),
    regionCode: text('region_code'),
    regionBasis: text('region_basis'),
    sectorZh: text('sector_zh'),
    cultureDomainCode: text('culture_domain_code'),
    isCultureRelated: boolean('is_culture_related'),
    isAboveScale: boolean('is_above_scale'),
    registeredCapital: numeric('registered_capital'),
    foundedOn: date('founded_on', { mode: 'string' }),
    status: text(),
    /** Day on which the register of tiers was last checked for it; null for never, and then no row means "unknown". */
    tiersCheckedOn: date('tiers_checked_on', { mode: 'string' }),
    honours: jsonb().$type<HonourRow[]>(),
  },
  (t) => [
    index('enterprises_name').on(byPinyin(t.nameZh), t.id),
    ...textIndexes('enterprises_name_zh', t.nameZh),
    ...textIndexes('enterprises_name_en', t.nameEn),
    ...textIndexes('enterprises_full_name_zh', t.fullNameZh),
    ...textIndexes('enterprises_sector_zh', t.sectorZh),
    index('enterprises_kind').on(t.kind, t.id),
    index('enterprises_ownership').on(t.ownership, t.id),
    index('enterprises_region').on(t.regionCode, t.id),
    index('enterprises_region_basis').on(t.regionBasis, t.id),
    index('enterprises_culture_domain').on(t.cultureDomainCode, t.id),
    index('enterprises_culture_related').on(t.isCultureRelated, t.id),
    index('enterprises_above_scale').on(t.isAboveScale, t.id),
    index('enterprises_registered_capital').on(t.registeredCapital, t.id),
    fromHighest('enterprises_registered_capital', t.registeredCapital, t.id),
    index('enterprises_founded_on').on(t.foundedOn, t.id),
    fromHighest('enterprises_founded_on', t.foundedOn, t.id),
    index('enterprises_updated_at').on(t.updatedAt, t.id),
    index('enterprises_synthetic').on(t.synthetic, t.id),
  ],
);

export const enterpriseTiers = schema.table(
  'enterprise_tiers',
  {
    enterpriseId: text('enterprise_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    tier: text().notNull(),
    level: text(),
    titleZh: text('title_zh'),
    year: integer(),
    expiresOn: date('expires_on', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.seq] }),
    index('enterprise_tiers_tier').on(t.tier, t.enterpriseId),
  ],
);

export const enterpriseParks = schema.table(
  'enterprise_parks',
  {
    enterpriseId: text('enterprise_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
    parkId: text('park_id').notNull(),
    role: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.parkId, t.role] }),
    index('enterprise_parks_park').on(t.parkId, t.role, t.enterpriseId),
  ],
);

/** Groups of an enterprise. */
export const enterpriseGroups = schema.table(
  'enterprise_groups',
  {
    enterpriseId: text('enterprise_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
    groupId: text('group_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.groupId] }),
    index('enterprise_groups_group').on(t.groupId),
  ],
);

export type EnterpriseRow = typeof enterprises.$inferSelect;
