import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Line, parseLine, splitLines } from './line.ts';
import { listChains } from './read.ts';
import { listSegments, type Segment } from './segments.ts';

/**
 * How far each chain has been read, by the name of its folder: the first sequence of the file, and the byte before
 * which the older records are. Files only grow, so a place stays valid while records are added.
 */
export type Place = Readonly<Record<string, readonly [first: number, end: number]>>;

export type NewestFirst = {
  /** Resolves to the next older record of all chains; undefined at the end, or when the limit of bytes was read. */
  next(): Promise<Line | undefined>;
  /** The place after the last returned record. */
  readonly place: Place;
  /** Whether there are no older records. */
  readonly isOver: boolean;
};

/**
 * Reads all chains in a folder as one, backwards from a place or from their ends; undefined if there is no chain. A
 * chain that the place does not contain began later. Lines that are no records are skipped; `verifyChain` reports
 * them.
 */
export async function readNewestFirst(
  folder: string,
  after: Place | undefined,
  maxBytes: number,
): Promise<NewestFirst | undefined> {
  const folders = await listChains(folder);
  if (folders.length === 0) return undefined;
  const known = folders.filter((each) => !after || Object.hasOwn(after, basename(each)));
  const chains = await Promise.all(known.map((each) => readBackwards(each, after?.[basename(each)])));
  let bytesLeft = maxBytes;
  return {
    async next() {
      for (const chain of chains) {
        while (!chain.head && !chain.isOver) {
          if (bytesLeft <= 0) return undefined;
          bytesLeft -= await chain.readOn();
        }
      }
      const newest = chains
        .filter(({ head }) => head)
        .reduce<Backwards | undefined>((one, other) => (one && isNewer(one, other) ? one : other), undefined);
      return newest?.take();
    },
    get place() {
      return Object.fromEntries(chains.map(({ name, place }) => [name, place]));
    },
    get isOver() {
      return chains.every(({ head, isOver }) => !head && isOver);
    },
  };
}

const isNewer = (one: Backwards, other: Backwards) =>
  (one.head?.record.time ?? '') >= (other.head?.record.time ?? '');

/** The number of bytes of one read: about a hundred records, which hold the event loop for a millisecond or two. */
const chunkBytes = 64 * 1024;

type Backwards = Awaited<ReturnType<typeof readBackwards>>;

/** Reads one chain backwards from a place or from its end. */
async function readBackwards(folder: string, from: Place[string] | undefined) {
  const all = await listSegments(folder);
  const segments = from ? all.filter(({ first }) => first <= from[0]) : [...all];
  let segment = segments.pop();
  let place: readonly [number, number] = [segment?.first ?? 0, await sizeOf(segment)];
  if (from && segment?.first === from[0]) place = [from[0], Math.min(from[1], place[1])];
  /** The end of the bytes that were not read yet. */
  let unread = place[1];
  let chunk = chunkBytes;
  /** Lines that were read and not returned yet, the newest last. */
  let lines: { readonly bytes: Buffer; readonly start: number }[] = [];
  let head: Line | undefined;

  /** Parses the newest line that is a record. */
  function findHead(): void {
    for (let last = lines.at(-1); last && !head; last = lines.at(-1)) {
      head = parseLine(last.bytes);
      if (!head) drop();
    }
  }

  function drop(): void {
    const last = lines.pop();
    if (last) place = [place[0], last.start];
  }

  return {
    name: basename(folder),
    get head() {
      return head;
    },
    get place() {
      return place;
    },
    /** Whether everything was read. */
    get isOver() {
      return lines.length === 0 && unread === 0 && segments.length === 0;
    },
    take(): Line | undefined {
      const taken = head;
      head = undefined;
      drop();
      findHead();
      return taken;
    },
    /** Reads the bytes before, when no head is left. Resolves to their number. */
    async readOn(): Promise<number> {
      if (unread === 0) {
        segment = segments.pop();
        unread = await sizeOf(segment);
        place = [segment?.first ?? 0, unread];
      }
      if (!segment || unread === 0) return 0;
      const start = Math.max(0, unread - chunk);
      const bytes = await readBytes(segment, start, unread);
      // The line that is cut by the start of the chunk comes with the next chunk, or with a larger chunk if it is the
      // only line.
      const skipped = start === 0 ? 0 : bytes.indexOf('\n') + 1;
      if (start > 0 && (skipped === 0 || skipped === bytes.length)) {
        chunk *= 2;
        return bytes.length;
      }
      lines = placed(bytes.subarray(skipped), start + skipped);
      unread = start + skipped;
      findHead();
      return bytes.length;
    },
  };
}

function placed(bytes: Buffer, from: number) {
  let start = from;
  return splitLines(bytes).lines.map((line) => {
    const at = { bytes: line, start };
    start += line.length + 1;
    return at;
  });
}

const sizeOf = async (segment: Segment | undefined) => (segment ? (await stat(segment.file)).size : 0);

async function readBytes({ file }: Segment, start: number, end: number): Promise<Buffer> {
  await using handle = await open(file);
  const buffer = Buffer.alloc(end - start);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}
