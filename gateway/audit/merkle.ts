import { hash } from 'node:crypto';

// Merkle trees as in RFC 6962, section 2.1: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
// Leaves and roots are SHA-256 hashes in hex.

/** Returns the root over these leaves. Throws if there is none. */
export function merkleRoot(leaves: readonly string[]): string {
  const [only] = leaves;
  if (only === undefined) throw new RangeError('A Merkle tree needs a leaf.');
  if (leaves.length === 1) return leafHash(only);
  const half = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, half)), merkleRoot(leaves.slice(half)));
}

/** Returns the audit path of leaf `index`: the hashes from the leaf up that lead to the root. */
export function merklePath(leaves: readonly string[], index: number): readonly string[] {
  if (leaves.length <= 1) return [];
  const half = splitOf(leaves.length);
  const left = leaves.slice(0, half);
  const right = leaves.slice(half);
  return index < half
    ? [...merklePath(left, index), merkleRoot(right)]
    : [...merklePath(right, index - half), merkleRoot(left)];
}

/** Returns the root of a tree of `size` leaves from one leaf and its audit path; undefined if they do not fit. */
export function rootFromPath(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
): string | undefined {
  if (index < 0 || index >= size || !path.every(isHash)) return undefined;
  if (size === 1) return path.length === 0 ? leafHash(leaf) : undefined;
  const sibling = path.at(-1);
  if (sibling === undefined) return undefined;
  const half = splitOf(size);
  const isLeft = index < half;
  const below = rootFromPath(
    leaf,
    isLeft ? index : index - half,
    isLeft ? half : size - half,
    path.slice(0, -1),
  );
  if (below === undefined) return undefined;
  return isLeft ? nodeHash(below, sibling) : nodeHash(sibling, below);
}

/** Returns the largest power of two below `size`. */
const splitOf = (size: number) => 2 ** Math.floor(Math.log2(size - 1));

/** Returns whether a text is a SHA-256 hash in hex. */
const isHash = (text: string) => /^[\da-f]{64}$/.test(text);

// The inputs of the hash are built in the same memory each time, because every record is part of two such hashes
// (`tests/bench/audit.ts`).
const leafInput = Buffer.alloc(1 + 32, 0x00);
const nodeInput = Buffer.alloc(1 + 32 + 32, 0x01);

function leafHash(leaf: string): string {
  leafInput.write(leaf, 1, 'hex');
  return hash('sha256', leafInput);
}

function nodeHash(left: string, right: string): string {
  nodeInput.write(left, 1, 'hex');
  nodeInput.write(right, 1 + 32, 'hex');
  return hash('sha256', nodeInput);
}
