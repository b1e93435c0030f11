import type { Rule } from './rule.ts';

/**
 * What the hub carries out by itself in one agency after a step in another. A mutation that stands here is open to the
 * role `system`: `@writable(roles: [system])`, and in the table of its workflow `by: [{ system: true }]`.
 */
export const rules: readonly Rule[] = [];
