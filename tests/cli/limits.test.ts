import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { post } from '../support/post.ts';

it('a gateway that is started lets in what its settings say', async () => {
  await using data = await createDataFolder();
  const document = '{ __typename }';
  const file = join(data.path, 'manifest.json');
  await writeFile(file, JSON.stringify({ typename: document }));
  await using gateway = runCli(['gateway'], {
    WENSHU_DATA: data.path,
    QUERY_DEPTH: '1',
    MAX_BODY: '1KiB',
    PERSISTED_DOCUMENTS: file,
    DOCUMENT_MODE: 'allow-list',
    ACCESS: '0',
  });
  const url = await gateway.printed(/http:\/\/localhost:\d+/);

  expect(await post(url, { documentId: 'typename' })).toMatchObject({
    body: { data: { __typename: 'Query' } },
  });
  const codeOf = async (body: Record<string, unknown>) =>
    (await post(url, body)).body.errors[0].extensions.code;
  expect(await codeOf({ query: '{ t: __typename }' })).toBe('DOCUMENT_REFUSED');
  expect(await codeOf({ query: `${document}${' '.repeat(1_024)}` })).toBe('BODY_TOO_LARGE');

  const deeper = '{ parks { totalCount } }';
  await writeFile(file, JSON.stringify({ [createHash('sha256').update(deeper).digest('hex')]: deeper }));
  await gateway.printed(/documents in .* have changed/);
  expect(await codeOf({ query: deeper })).toBe('QUERY_TOO_DEEP');
});

it('a gateway does not start without the documents that its settings name', async () => {
  await using data = await createDataFolder();
  const file = join(data.path, 'missing.json');
  const env = { WENSHU_DATA: data.path, PERSISTED_DOCUMENTS: file };
  expect(await runCommandHere(['gateway'], env)).toMatchObject({
    code: 1,
    output: `wenshu: The registered documents in ${file} cannot be read (ENOENT).`,
  });
});
