import { readFile } from 'node:fs/promises';
import type { Deadlines } from '@wenshu/kit/workflow/days.ts';
import { type WorkflowTypeName, workflowTypes } from '@wenshu/schema/workflow-types.ts';
import { z } from 'zod';

const days = z.int().min(1).max(999);
const ofKinds = { days: days.optional(), kinds: z.record(z.string(), days).optional() };
const ofAction = z.strictObject({
  ...ofKinds,
  regions: z.record(z.string(), z.strictObject(ofKinds)).optional(),
});
const types = Object.keys(workflowTypes) as [WorkflowTypeName, ...WorkflowTypeName[]];
const deadlines = z.partialRecord(z.enum(types), z.record(z.string(), ofAction));

/**
 * Reads the working days of actions from a JSON file: `{"ServiceRequest": {"ASSIGN": {"days": 10, "kinds": {"LICENSING": 5},
 * "regions": {"370212": {"days": 8}}}}}`. What it does not name keeps the days of the workflow's table.
 */
export async function readDeadlines(file: string | undefined): Promise<Deadlines> {
  if (!file) return {};
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`The deadlines ${file} cannot be read (${error.code}).`);
  });
  const parsed = deadlines.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Error(
      `The deadlines ${file} must be like {"ServiceRequest": {"ASSIGN": {"days": 10}}}: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data as Deadlines;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
