import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { startHub } from '../support/hub.ts';
import { sendRaw } from '../support/raw-http.ts';

const forged = '{"level":"info","message":"FORGED"}';
const ends = ['\n', '\r\n', '\u2028', '\u0085', '\u001b[2J', '\u0000'];

test('log injection: a purpose, a case or a represented party that ends a line is not taken down', async () => {
  await using hub = await startHub({ keys: true });
  const known = await hub.as('PROPAGANDA').headers();
  for (const header of ['x-wenshu-purpose', 'x-wenshu-case', 'x-wenshu-represents']) {
    for (const end of ends) {
      const text = encodeURIComponent(`x${end}${forged}`.slice(0, 60));
      const { errors } = await hub.ask('{ __typename }', {}, { ...known, [header]: text });
      expect([header, errors?.map(({ extensions }) => extensions.code)]).toEqual([header, ['BAD_REQUEST']]);
    }
  }
});

test('log injection: whatever a caller sends, a line of the log is a line of ours', async () => {
  await using folder = await createDataFolder();
  const nowhere = 'http://127.0.0.1:1/graphql';
  const subgraphs = ['ENTERPRISES', 'EVENTS', 'PARKS', 'PARTY', 'POLICIES'];
  await using gateway = runCli(['gateway', '--port', '0'], {
    WENSHU_DATA: folder.path,
    SUBGRAPH_RETRIES: '0',
    ...Object.fromEntries(subgraphs.map((name) => [`${name}_URL`, nowhere])),
  });
  const url = (await gateway.printed(/http:\/\/localhost:\d+/)).replace('localhost', '127.0.0.1');

  const post = (body: unknown) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
    });
  for (const end of ends) {
    const text = `x${end}${forged}`;
    await post({ query: 'query Q { parks { totalCount } }', operationName: text });
    await post({ query: `query Q { parks { totalCount } } # ${text}` });
    await post({ query: `{ ${text} }` });
    await post({ query: 'query ($id: ID!) { park(id: $id) { id } }', variables: { id: text } });
    await post({
      query: 'query ($id: Int!) { parks(first: $id) { totalCount } }',
      variables: { [text]: text, id: text },
    });
    await post({ [text]: text });
    const header = text.replace(/[\r\n\0]/g, '%0a');
    await sendRaw(url, [
      `GET /${encodeURIComponent(text)}?query=${encodeURIComponent(text)} HTTP/1.1`,
      'host: x',
      ...['x-request-id', 'traceparent', 'tracestate', 'user-agent', 'x-forwarded-for'].map(
        (name) => `${name}: ${header}`,
      ),
      'connection: close',
      '',
      '',
    ]);
  }
  await sendRaw(url, ['GET / HTTP/1.1', 'host: x', `x-request-id: a\n${forged}`, '', '']);

  const { output } = await gateway.kill('SIGTERM');
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(ends.length * 5);
  for (const line of lines) expect(JSON.parse(line)).not.toMatchObject({ message: 'FORGED' });
  expect(output).not.toMatch(/^\s*\{"level":"info","message":"FORGED"/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
});
