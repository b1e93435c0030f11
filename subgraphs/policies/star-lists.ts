import { type SQL, sql } from 'drizzle-orm';
import { type StarListEntryRow, starListEntries } from './tables.ts';

/** The criteria of a star list, in the order in which weights and scores are kept. */
export const starCriteria = ['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL'] as const;

const { vetoedById, droppedOn, removedOn } = starListEntries;

/** The condition that an entry stands: it was not vetoed, dropped or removed. */
export const isStanding: SQL = sql`(${vetoedById} is null and ${droppedOn} is null and ${removedOn} is null)`;

type Fate = Pick<StarListEntryRow, 'vetoedById' | 'droppedOn' | 'removedOn'>;

/** Returns whether an entry stands, and why it does not. */
export const statusOf = ({ removedOn, droppedOn, vetoedById }: Fate) =>
  removedOn ? 'REMOVED' : droppedOn ? 'DROPPED' : vetoedById ? 'VETOED' : 'STANDING';

/** Returns values with their criteria; null if they are not recorded. */
export const byCriterion = (values: readonly string[] | null) =>
  values && starCriteria.map((criterion, at) => ({ criterion, value: values[at] ?? '0' }));
