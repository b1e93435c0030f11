import type { Format } from './format.ts';

/** One JSON object a line: https://github.com/ndjson/ndjson-spec */
export const ndjson: Format = {
  contentType: 'application/x-ndjson',
  write: (_columns, pages) => pages,
};
