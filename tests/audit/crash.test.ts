import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '@wenshu/gateway/audit/verify.ts';
import { expect, test } from 'vitest';
import { createAudit, linesOf } from '../support/audit.ts';

const writer = fileURLToPath(new URL('../support/audit-writer.ts', import.meta.url));

/** Kills a process that writes, in the middle of it, after so many receipts; resolves with all that came. */
async function writeAndKill(folder: string, keyFile: string, receipts: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [writer, folder, keyFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === receipts) child.kill('SIGKILL');
  }
  expect(await closed).toEqual([null, 'SIGKILL']);
  return lines;
}

test('of what was acknowledged before kill -9 nothing is lost, and the chain goes on, again and again', async () => {
  await using audit = await createAudit();
  const acknowledged: string[] = [];
  for (const receipts of [60, 731, 1_999]) {
    acknowledged.push(...(await writeAndKill(audit.folder, audit.keyFile, receipts)));
  }
  const log = await audit.open();
  await log.close();

  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true, unsigned: 0 });
  const written = new Map(
    (await linesOf(audit.folder)).flatMap((line) => {
      if (line === '') return [];
      const { hash, record } = JSON.parse(line);
      return [[record.sequence, `${record.sequence} ${hash} ${record.bytes}`]];
    }),
  );
  expect(acknowledged.length).toBeGreaterThan(2_700);
  const lost = acknowledged.filter((line) => written.get(Number.parseInt(line, 10)) !== line);
  expect(lost).toEqual([]);
});
