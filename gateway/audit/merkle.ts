import { hash } from 'node:crypto';

// Merkle trees as in RFC 6962, section 2.1: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
// Leaves and roots are SHA-256 hashes in hex.

/** The root over these leaves, of which there must be one at least. */
export function merkleRoot(leaves: readonly string[]): string {
  const [only] = leaves;
  if (only === undefined) throw new RangeError('A Merkle tree needs a leaf.');
  if (leaves.length === 1) return leafHash(only);
  const half = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, half)), merkleRoot(leaves.slice(half)));
}

/** What has to be known besides leaf `index` to come to the root: the audit path, from the leaf up. */
export function merklePath(leaves: readonly string[], index: number): readonly string[] {
  if (leaves.length <= 1) return [];
  const half = splitOf(leaves.length);
  const left = leaves.slice(0, half);
  const right = leaves.slice(half);
  return index < half
    ? [...merklePath(left, index), merkleRoot(right)]
    : [...merklePath(right, index - half), merkleRoot(left)];
}

/** The root of a tree of `size` leaves, from one of them and its audit path; undefined where they do not fit. */
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

/** The largest power of two below `size`. */
const splitOf = (size: number) => 2 ** Math.floor(Math.log2(size - 1));

/** SHA-256 in hex. */
const isHash = (text: string) => /^[\da-f]{64}$/.test(text);

// What is hashed is put together in the same place each time: every record is part of two such hashes.
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
