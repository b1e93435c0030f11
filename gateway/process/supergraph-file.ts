import { hash, randomUUID } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UnusableSupergraph } from '../graph/open-graph.ts';
import type { Log } from '../lib/log.ts';

export type SupergraphFile = {
  /**
   * Calls `use` with the supergraph, or with the last good one when the file is missing or `use` rejects with
   * `UnusableSupergraph`.
   */
  open<T>(use: (sdl: string) => Promise<T>): Promise<T>;
  /** Calls `replace` with each change of the file. It rejects when the change cannot be used. */
  watch(replace: (sdl: string) => Promise<void>): AsyncDisposable;
};

/**
 * Polling interval in milliseconds. Polling works however the file is replaced: overwritten, renamed, or linked in a
 * mounted volume.
 */
const pollMs = 500;

/** Time without change after which a file counts as complete, in milliseconds. */
const settledMs = 100;

/** Opens a supergraph file that may change, or become invalid, before and during its use. */
export function openSupergraphFile(file: string, dataFolder: string, log: Log): SupergraphFile {
  const lastGood = join(dataFolder, 'supergraphs', `${shortHash(file)}.graphql`);
  let seen: string | undefined;

  async function tryFile<T>(use: (sdl: string) => Promise<T>): Promise<T> {
    seen = await read(file);
    const used = await use(seen).catch((error) => {
      // For any other error, another supergraph would not help.
      if (!(error instanceof UnusableSupergraph)) throw error;
      const { message, cause } = error;
      throw new UnusableSupergraph(`The supergraph ${file} cannot be used: ${message}`, { cause });
    });
    await keep(seen, lastGood, log);
    return used;
  }

  return {
    async open(use) {
      try {
        return await tryFile(use);
      } catch (problem) {
        const kept = await readFile(lastGood, 'utf8').catch(() => undefined);
        if (kept === undefined || !(problem instanceof UnusableSupergraph)) throw problem;
        log.error({ cause: problem }, `${problem.message} Starting from the last good one, ${lastGood}.`);
        return await use(kept).catch(() => {
          throw problem;
        });
      }
    },

    watch(replace) {
      const check = async () => {
        try {
          const sdl = await readSettled(file);
          if (sdl === seen) return;
          seen = sdl;
          await replace(sdl);
          log.info({}, `The supergraph ${file} has changed and is in use.`);
          await keep(sdl, lastGood, log);
        } catch (cause) {
          const reason = cause instanceof Error ? cause.message : cause;
          log.error(
            { cause },
            `The supergraph ${file} has changed and is refused, the one in use stays: ${reason}`,
          );
        }
      };
      let checked = Promise.resolve();
      const onChange = () => {
        checked = checked.then(check);
      };
      watchFile(file, { interval: pollMs, persistent: false }, onChange);
      // The file may have changed between reading and watching.
      onChange();
      return {
        async [Symbol.asyncDispose]() {
          unwatchFile(file, onChange);
          await checked;
        },
      };
    },
  };
}

async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error) => {
    throw new UnusableSupergraph(`The supergraph ${file} cannot be read (${error.code}).`);
  });
}

/** Reads a file that may be partly written. */
async function readSettled(file: string): Promise<string> {
  for (let text = await read(file); ; ) {
    await wait(settledMs);
    const later = await read(file);
    if (later === text) return text;
    text = later;
  }
}

/** Keeps a copy of a used supergraph. A failure is only logged. */
async function keep(sdl: string, lastGood: string, log: Log) {
  try {
    await mkdir(dirname(lastGood), { recursive: true });
    const draft = `${lastGood}.${randomUUID()}`;
    await writeFile(draft, sdl);
    await rename(draft, lastGood);
  } catch (cause) {
    log.warn({ cause }, `The supergraph could not be saved in ${lastGood} as the last good supergraph.`);
  }
}

/** Names the copy by a hash, because gateways of several supergraphs may share a data folder. */
const shortHash = (text: string) => hash('sha256', text).slice(0, 16);
