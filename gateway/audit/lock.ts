import { hash } from 'node:crypto';
import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Locks a folder for this process, because two processes would each continue the chain. The lock is a socket, which
 * the system releases however the process ends. A lock file would stay, and a process id can be given to another
 * process.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const name = `wenshu-audit-${hash('sha256', await realpath(folder)).slice(0, 32)}`;
  const address = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
  const lock =
    (await tryListen(address)) ?? ((await isAnswered(address)) ? undefined : await retake(address));
  if (!lock) {
    throw new Error(
      `The audit log in ${folder} is written by another process. Give each gateway a GATEWAY_ID of its own.`,
    );
  }
  return lock;
}

async function tryListen(address: string): Promise<AsyncDisposable | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.unref().listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return { [Symbol.asyncDispose]: async () => void server.close() };
}

async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Takes over the lock of a process that was killed: where sockets are files, its socket stays. */
async function retake(address: string): Promise<AsyncDisposable | undefined> {
  if (process.platform !== 'linux') await rm(address, { force: true });
  return tryListen(address);
}
