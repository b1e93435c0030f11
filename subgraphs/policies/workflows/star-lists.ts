import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { starListList } from '../queries.ts';
import { isStanding } from '../star-lists.ts';
import {
  agencyTables,
  starListEntries,
  starListObjections,
  starListSteps,
  starLists,
  starListVerdicts,
  starListVetters,
} from '../tables.ts';
import { starListTable } from './star-list-table.ts';

const entriesOf = (further?: SQL) =>
  sql`exists (select 1 from ${starListEntries} where ${and(eq(starListEntries.listId, starLists.id), further)})`;

const vettersOf = (further: SQL) =>
  sql`exists (select 1 from ${starListVetters} where ${and(eq(starListVetters.listId, starLists.id), further)})`;

/** The condition that an agency has not given its verdict on an entry of the list. */
const isSilentOnOne = entriesOf(
  sql`not exists (select 1 from ${starListVerdicts} where ${and(
    eq(starListVerdicts.listId, starListEntries.listId),
    eq(starListVerdicts.enterpriseId, starListEntries.enterpriseId),
    eq(starListVerdicts.agencyId, starListVetters.agencyId),
  )})`,
);

const hasOpenObjection = sql`exists (select 1 from ${starListObjections} where ${and(
  eq(starListObjections.listId, starLists.id),
  isNull(starListObjections.outcome),
)})`;

/** The workflow of star lists. */
export const starListWorkflow = defineWorkflow({
  table: starListTable,
  agency: agencyTables,
  list: starListList,
  // A list is public from its days for objections on.
  internal: { stages: ['DRAFT', 'VETTING'] },
  objects: starLists,
  steps: starListSteps,
  relations: {
    vetter: (agency) => vettersOf(eq(starListVetters.agencyId, agency)),
    silentVetter: (agency) => vettersOf(sql`${starListVetters.agencyId} = ${agency} and ${isSilentOnOne}`),
    // What is publicised is there for every agency.
    reader: () => sql`${starLists.stage} in ('OBJECTION_PERIOD', 'PUBLISHED')`,
  },
  conditions: {
    hasEntries: () => entriesOf(),
    isVetted: () => sql`(${entriesOf(isStanding)} and not ${vettersOf(isSilentOnOne)})`,
    isOpenForObjections: () => sql`${starLists.objectionUntil} >= ${today()}::date`,
    hasOpenObjection: () => hasOpenObjection,
    mayPublish: () =>
      sql`(${starLists.objectionUntil} < ${today()}::date and not ${hasOpenObjection} and ${entriesOf(isStanding)})`,
  },
});
