import { type SQLWrapper, sql } from 'drizzle-orm';

/**
 * Characters that a search passes over, after `NFKC`: quotation marks of all kinds, brackets of titles, and spaces.
 */
const passedOver = ' “”‘’「」『』《》〈〉"\'';

/** Returns a text as `searchable` writes it in SQL: without what a search passes over, in one width and case. */
export const searchable = (text: string): string =>
  [...text.normalize('NFKC').toLowerCase()].filter((each) => !passedOver.includes(each)).join('');

/** Returns the SQL for the `searchable` form of a text. It is immutable, so that an index can hold it. */
export const searchableSql = (text: SQLWrapper) =>
  sql`translate(lower(normalize(${text}, NFKC)), ${sql.raw(`'${passedOver.replace("'", "''")}'`)}, '')`;
