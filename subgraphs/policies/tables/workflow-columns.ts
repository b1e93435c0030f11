import { recordColumns } from '@wenshu/kit/tables.ts';
import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, date, text } from 'drizzle-orm/pg-core';
import { agencies } from './agencies.ts';
import { policies } from './policies.ts';
import { schema } from './shared.ts';

/** Columns of every record of a workflow: those of any record, without names and further facts. */
export const workflowColumns = () => {
  const { id, notes, notesZh, citations, synthetic, updatedAt, version } = recordColumns(schema);
  return { id, notes, notesZh, citations, synthetic, updatedAt, version };
};

export const isOneOf = (column: AnyPgColumn, values: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;

/** Reference to a policy without a cascade: payments and actions under a policy must not be deleted with it. */
export const restsOnPolicy = () => text('policy_id').references(() => policies.id);
export const agencyId = (name: string) => text(name).references(() => agencies.id);
export const stepOn = () => date('step_on', { mode: 'string' }).notNull();
