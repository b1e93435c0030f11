import type { PostgresType } from 'postgres';

/** `"a"` with what is escaped in it, or a value without quotes. */
const element = /"((?:[^"\\]|\\.)*)"|[^,{}"]+/gs;

const writtenIn = (value: unknown): string =>
  value === null ? 'null' : `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`;

const arrayOf = <Value>(oid: number, read: (text: string) => Value): PostgresType<(Value | null)[]> => ({
  to: oid,
  from: [oid],
  // Drizzle writes the arrays of its columns itself.
  serialize: (values: unknown) => (Array.isArray(values) ? `{${values.map(writtenIn).join()}}` : values),
  parse: (text: string) =>
    [...text.matchAll(element)].map(([whole, quoted]) => {
      if (quoted !== undefined) return read(quoted.replaceAll(/\\(.)/gs, '$1'));
      return whole === 'NULL' ? null : read(whole);
    }),
});

/**
 * The arrays that statements of a subgraph take and answer. postgres.js would ask each new connection for all types of
 * arrays that the database has, which takes longer than connecting.
 */
export const arrayTypes = {
  booleans: arrayOf(1000, (text) => text === 't'),
  smallIntegers: arrayOf(1005, Number),
  integers: arrayOf(1007, Number),
  texts: arrayOf(1009, String),
  varchars: arrayOf(1015, String),
  bigIntegers: arrayOf(1016, String),
  floats: arrayOf(1022, Number),
};
