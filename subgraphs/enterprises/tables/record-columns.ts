import { recordColumns } from '@wenshu/kit/tables.ts';
import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, text } from 'drizzle-orm/pg-core';
import { enterprises } from './enterprises.ts';
import { schema } from './shared.ts';

/** Values of enums of the graph, which the columns below accept. */
export const enumValues = {
  InspectionMethod: ['DOUBLE_RANDOM', 'JOINT', 'ROUTINE', 'SPECIAL', 'COMPLAINT', 'FOLLOW_UP'],
  InspectionResult: ['NO_PROBLEM', 'SUSPECTED'],
  FindingStage: [
    'SUSPECTED',
    'WARNED',
    'CORRECTED',
    'FILED',
    'NOTIFIED',
    'PENALISED',
    'EXEMPTED',
    'DISMISSED',
    'PUBLISHED',
    'SET_ASIDE',
    'WITHDRAWN',
    'RESTORED',
    'LAPSED',
  ],
  BlacklistStage: ['PROPOSED', 'BLACKLISTED', 'PUBLISHED', 'RESTORED', 'LAPSED', 'DROPPED'],
  GuidePriceStage: ['IN_FORCE', 'WITHDRAWN'],
  WarningKind: ['TALK', 'ADMONITION', 'ORDER_TO_CORRECT'],
  ViolationSeverity: ['MINOR', 'LIGHT', 'ORDINARY', 'HEAVY', 'SERIOUS'],
  HarmLevel: ['NONE', 'SLIGHT', 'SERIOUS'],
  PenaltyKind: [
    'WARNING',
    'CRITICISM',
    'FINE',
    'CONFISCATION',
    'LICENCE_SUSPENSION',
    'QUALIFICATION_DOWNGRADE',
    'LICENCE_REVOCATION',
    'BUSINESS_RESTRICTION',
    'BUSINESS_SUSPENSION',
    'CLOSURE',
    'OTHER',
  ],
  ExemptionKind: ['MINOR_CORRECTED', 'FIRST_CORRECTED'],
  BenefitKind: ['SOCIAL', 'ECONOMIC'],
} as const;

export const literals = (values: readonly string[]) =>
  sql.raw(values.map((value) => `'${value}'`).join(', '));
export const isValueOf = (name: keyof typeof enumValues, column: AnyPgColumn): SQL =>
  sql`${column} in (${literals(enumValues[name])})`;

/** Columns of a record without names. */
export const statementColumns = () => {
  const { nameZh, nameEn, aliases, searchedNames, facts, ...columns } = recordColumns(schema);
  return columns;
};

/** The enterprise of a record. An enterprise with such records cannot be deleted. */
export const enterpriseId = () =>
  text('enterprise_id')
    .notNull()
    .references(() => enterprises.id);
