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
const ofTerm = z.strictObject({
  days: days.optional(),
  regions: z.record(z.string(), z.strictObject({ days })).optional(),
});
const ofTypes = <Of extends z.ZodType>(each: Of) =>
  Object.fromEntries(types.map((type) => [type, z.record(z.string(), each).optional()]));
const deadlines = z.strictObject({ terms: z.strictObject(ofTypes(ofTerm)).optional(), ...ofTypes(ofAction) });

/**
 * Reads days from a JSON file: the working days of actions, `{"ServiceRequest": {"ASSIGN": {"days": 10, "kinds": {"LICENSING": 5},
 * "regions": {"370212": {"days": 8}}}}}`, and under `terms` other lengths of time by type. What it does not name keeps the
 * days of the workflow's table.
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
  const { terms, ...actions } = parsed.data;
  return { terms, actions } as Deadlines;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
