/**
 * Preloaded into a gateway (`--import`): each of its answers leaves when as many bytes as an audit record has are on
 * the disk, written together with those of all others that wait. This is the least that answers which wait for the
 * disk can cost, and what the audit log is held against.
 */
import { constants, openSync, write } from 'node:fs';
import { ServerResponse } from 'node:http';

const { GROUP_WRITE_FILE: file, GROUP_WRITE_BYTES: bytes } = process.env;

/** Windows has no writes that are durable when they return. */
const isDurable = constants.O_DSYNC ?? 0;

if (file && bytes)
  holdAnswers(
    openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | isDurable),
    Number(bytes),
  );

function holdAnswers(handle: number, recordBytes: number): void {
  const { end } = ServerResponse.prototype;
  let waiting: (() => void)[] = [];
  let isWriting = false;

  const writeAll = () => {
    const group = waiting;
    waiting = [];
    isWriting = group.length > 0;
    if (!isWriting) return;
    write(handle, Buffer.alloc(group.length * recordBytes, 0x20), (error) => {
      if (error) throw error;
      // Each in a turn of its own, in which it leaves.
      for (const leave of group) setImmediate(leave);
      writeAll();
    });
  };
  ServerResponse.prototype.end = function held(this: ServerResponse, ...given: unknown[]) {
    waiting.push(() => Reflect.apply(end, this, given));
    if (!isWriting) {
      isWriting = true;
      setImmediate(writeAll);
    }
    return this;
  };
}
