import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  numeric,
  type PgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

const ledgerStages = ['ON_TRACK', 'REMINDED', 'NOTICED', 'DISCIPLINE_PROPOSED', 'COMPLETED'];
const quoted = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '));

/** Tables of the ledgers of key projects. What documents say of a project's stages stays in `project_stages`. */
export function ledgerTables(schema: PgSchema, project: () => AnyPgColumn) {
  const projectLedgers = ledgerTable(schema, project);
  const ledger = () => projectLedgers.id;
  return {
    projectLedgers,
    ...planTables(schema, ledger),
    ...reportTables(schema, ledger),
    projectLedgerSteps: stepTable(schema, 'project_ledger_steps', ledger, ledgerStages),
  };
}

const ledgerTable = (schema: PgSchema, project: () => AnyPgColumn) =>
  schema.table(
    'project_ledgers',
    {
      id: text().primaryKey(),
      projectId: text('project_id').notNull().unique().references(project, { onDelete: 'cascade' }),
      regionCode: text('region_code'),
      stage: text().notNull(),
      version: integer().notNull().default(1),
      dueOn: date('due_on', { mode: 'string' }),
      /** The agency that reports, and the office that is assigned to the project (包联): agencies, never persons. */
      responsibleId: text('responsible_id').notNull(),
      liaisonId: text('liaison_id'),
      /** The project's own stage, as the last step recorded it. */
      reached: text(),
      reachedOn: date('reached_on', { mode: 'string' }),
      /** The first month that is reported, such as 2026-03. */
      reportsFrom: text('reports_from').notNull(),
      synthetic: boolean().notNull().default(false),
      updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    },
    (t) => [
      check('project_ledgers_stage_known', sql`${t.stage} in (${quoted(ledgerStages)})`),
      check('project_ledgers_reached', sql`(${t.reached} is null) = (${t.reachedOn} is null)`),
      check('project_ledgers_reports_from', isMonth(t.reportsFrom)),
      index('project_ledgers_region').on(t.regionCode, t.id),
      index('project_ledgers_stage').on(t.stage, t.id),
      index('project_ledgers_due_on').on(t.dueOn, t.id),
      index('project_ledgers_due_on_from_highest').on(t.dueOn.desc().nullsLast(), t.id.desc().nullsFirst()),
      index('project_ledgers_responsible').on(t.responsibleId, t.id),
      index('project_ledgers_liaison').on(t.liaisonId, t.id),
      index('project_ledgers_reached').on(t.reached, t.id),
      index('project_ledgers_synthetic').on(t.synthetic, t.id),
      index('project_ledgers_updated_at').on(t.updatedAt, t.id),
    ],
  );

const ledgerColumn = (ledger: () => AnyPgColumn) =>
  text('ledger_id').notNull().references(ledger, { onDelete: 'cascade' });

function planTables(schema: PgSchema, ledger: () => AnyPgColumn) {
  /** The stages that a project is to reach, each by its day. */
  const projectMilestones = schema.table(
    'project_milestones',
    {
      ledgerId: ledgerColumn(ledger),
      seq: integer().notNull(),
      stage: text().notNull(),
      dueOn: date('due_on', { mode: 'string' }).notNull(),
      /** The day on which the project reached the stage or one after it. */
      reachedOn: date('reached_on', { mode: 'string' }),
    },
    (t) => [primaryKey({ columns: [t.ledgerId, t.seq] })],
  );

  const projectYearPlans = schema.table(
    'project_year_plans',
    {
      ledgerId: ledgerColumn(ledger),
      year: integer().notNull(),
      plannedInvestment: numeric('planned_investment').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.ledgerId, t.year] }),
      check('project_year_plans_positive', sql`${t.plannedInvestment} > 0`),
    ],
  );

  return { projectMilestones, projectYearPlans };
}

function reportTables(schema: PgSchema, ledger: () => AnyPgColumn) {
  /** One report a month. A correction changes the row; the steps keep what stood there. */
  const projectReports = schema.table(
    'project_reports',
    {
      ledgerId: ledgerColumn(ledger),
      month: text().notNull(),
      /** Since 1 January of the year. */
      completedInvestment: numeric('completed_investment').notNull(),
      reportedOn: date('reported_on', { mode: 'string' }).notNull(),
      noteZh: text('note_zh'),
    },
    (t) => [
      primaryKey({ columns: [t.ledgerId, t.month] }),
      check('project_reports_month', isMonth(t.month)),
      check('project_reports_positive', sql`${t.completedInvestment} >= 0`),
    ],
  );

  /** Problems in reports. Each becomes a service request of the enterprise. */
  const projectProblems = schema.table(
    'project_problems',
    {
      ledgerId: ledgerColumn(ledger),
      /** The step that reported it. */
      step: integer().notNull(),
      kind: text().notNull(),
      titleZh: text('title_zh').notNull(),
      textZh: text('text_zh').notNull(),
      enterpriseId: text('enterprise_id').notNull(),
      raisedOn: date('raised_on', { mode: 'string' }).notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.ledgerId, t.step] }),
      index('project_problems_enterprise').on(t.enterpriseId, t.ledgerId),
    ],
  );

  /** The published state of a ledger at the end of a quarter. */
  const projectQuarters = schema.table(
    'project_quarters',
    {
      ledgerId: ledgerColumn(ledger),
      quarter: text().notNull(),
      publishedOn: date('published_on', { mode: 'string' }).notNull(),
      reached: text(),
      plannedInvestment: numeric('planned_investment').notNull(),
      completedInvestment: numeric('completed_investment').notNull(),
      isBehind: boolean('is_behind').notNull(),
    },
    (t) => [primaryKey({ columns: [t.ledgerId, t.quarter] })],
  );

  return { projectReports, projectProblems, projectQuarters };
}

const isMonth = (column: AnyPgColumn) => sql`${column} ~ '^\\d{4}-(0[1-9]|1[0-2])$'`;
