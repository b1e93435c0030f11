import { type KeyRing, parseKeyRing } from '@wenshu/schema/signature.ts';

/** Text of a key of this id, as SUBGRAPH_KEYS has it. */
export const keyText = (id: string) => `${id}:${`the secret of ${id}`.replaceAll(' ', '-').padEnd(32, '.')}`;

export function keyRing(...ids: string[]): KeyRing {
  const ring = parseKeyRing(ids.map(keyText).join());
  if (!ring) throw new Error(`${ids} make no ring of keys.`);
  return ring;
}
