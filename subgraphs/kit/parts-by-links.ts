import { type SQL, sql } from 'drizzle-orm';
import type { SharedTables } from './tables.ts';

/** Selects the pairs of a part and its whole that records state as links. */
export const partsByLinks = ({ links }: Pick<SharedTables, 'links'>): SQL =>
  sql`select ${links.subjectId}, ${links.targetId} from ${links} where ${links.type} = 'PART_OF'`;
