import type { Caller } from '@wenshu/schema/caller.ts';

/** The same for callers whom subgraphs answer the same, and another for any other. */
export function rightsOf(caller: Caller | undefined): string {
  if (!caller) return '';
  if (caller.kind === 'partner') return `partner ${caller.keyId}`;
  const { department, role, region = '' } = caller;
  return `department ${department} ${role} ${region}`;
}
