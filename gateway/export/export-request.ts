import { z } from 'zod';
import { Refusal } from '../request/refusal.ts';
import { type FormatName, formatNames } from './formats/format.ts';

/** What `POST /export` takes beside a GraphQL request. */
const shape = z.object({
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  format: z.enum(formatNames).default('ndjson'),
  /** Where to go on: the cursor of the last page that came. */
  after: z.string().nullish(),
  /** Whether pages are marked with where they end: see marks.ts. Only for ndjson. */
  marks: z.boolean().default(false),
  /** Says what the export would do, and does nothing. */
  explain: z.boolean().default(false),
});

export type ExportRequest = {
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly format: FormatName;
  readonly after: string | null;
  readonly marks: boolean;
  readonly explain: boolean;
};

/** Throws a Refusal that says what is wrong. */
export function readExportRequest(body: unknown): ExportRequest {
  const { success, data, error } = shape.safeParse(body);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
    throw new Refusal('BAD_REQUEST', `This is no request for an export: ${problems.join('; ')}.`);
  }
  if (data.marks && data.format !== 'ndjson') {
    throw new Refusal('BAD_REQUEST', '"marks" go with the format ndjson only.');
  }
  return {
    ...data,
    operationName: data.operationName ?? undefined,
    variables: data.variables ?? {},
    after: data.after ?? null,
  };
}
