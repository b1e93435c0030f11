import type { Format, FormatName } from './format.ts';

/** What writes each format; those that are seldom asked for are loaded when they are. */
const formats: Readonly<Record<FormatName, () => Promise<Format>>> = {
  ndjson: async () => (await import('./ndjson.ts')).ndjson,
  csv: async () => (await import('./csv.ts')).csv,
  parquet: async () => (await import('./parquet.ts')).parquet,
  xlsx: async () => (await import('./xlsx.ts')).xlsx,
};

export const openFormat = (name: FormatName): Promise<Format> => formats[name]();
