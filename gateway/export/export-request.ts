import { z } from 'zod';
import { isObject } from '../lib/json.ts';
import { Refusal } from '../request/refusal.ts';
import { type FormatName, formatNames } from './formats/format.ts';

/** Members of `POST /export` in addition to those of a GraphQL request. */
const shape = z.object({
  format: z.enum(formatNames).default('ndjson'),
  /** Cursor of the last received page, to resume after it. */
  after: z.string().nullish(),
  /** Whether marks say where pages end (see marks.ts). For NDJSON only. */
  marks: z.boolean().default(false),
  /** Whether to describe the export instead of running it. */
  explain: z.boolean().default(false),
});

export type ExportRequest = {
  readonly format: FormatName;
  readonly after: string | null;
  readonly marks: boolean;
  readonly explain: boolean;
};

/**
 * Reads the members of an export request. Throws a Refusal that explains what is wrong. A body that is no object is left
 * to Apollo Server, as at `/graphql`.
 */
export function readExportRequest(body: unknown): ExportRequest {
  const { success, data, error } = shape.safeParse(isObject(body) ? body : {});
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
    throw new Refusal('BAD_REQUEST', `This is not a valid export request: ${problems.join('; ')}.`, {
      messageZh: `导出请求无效:${problems.join(';')}。`,
    });
  }
  if (data.marks && data.format !== 'ndjson') {
    throw new Refusal('BAD_REQUEST', '"marks" is only for the format ndjson.', {
      messageZh: '“marks”只用于 ndjson 格式。',
    });
  }
  return { ...data, after: data.after ?? null };
}
