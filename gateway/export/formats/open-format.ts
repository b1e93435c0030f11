import type { Format, FormatName } from './format.ts';

/** Loaders of formats. Rarely used ones are imported when they are requested. */
const formats: Readonly<Record<FormatName, () => Promise<Format>>> = {
  ndjson: async () => (await import('./ndjson.ts')).ndjson,
  csv: async () => (await import('./csv.ts')).csv,
  parquet: async () => (await import('./parquet.ts')).parquet,
  xlsx: async () => (await import('./xlsx.ts')).xlsx,
};

export const openFormat = (name: FormatName): Promise<Format> => formats[name]();
