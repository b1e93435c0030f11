import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';

describe('wenshu', () => {
  it('lists every problem of the environment at once, and no password', async () => {
    const answer = await runCommandHere(['start'], {
      PORT: 'x',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:secret@db/hub',
      PARKS_URL: 'parks:4003',
    });
    expect(answer).toEqual({
      code: 2,
      output: [
        'wenshu: The environment has settings that cannot be used:',
        '  - PORT must be a whole number from 0 to 65535, not "x".',
        '  - DATABASE_URL must be like postgres://user:password@host:5432/database.',
        '  - LOG_LEVEL must be one of info, warn, error, not "loud".',
        '  - PARKS_URL must be like http://host:4001/graphql, not "parks:4003".',
      ].join('\n'),
    });
  });

  it('answers 2 to a command that it does not know', async () => {
    expect(await runCommandHere(['strat'])).toMatchObject({
      code: 2,
      output: expect.stringContaining('Did you mean start?'),
    });
  });

  it('answers 2 to wrong use of a command below another', async () => {
    expect(await runCommandHere(['keys', 'revoke'])).toMatchObject({
      code: 2,
      output: expect.stringContaining("error: required option '--department <name>' not specified"),
    });
  });

  it.each([
    ['start'],
    ['subgraph'],
    ['gateway'],
    ['database'],
    ['token'],
    ['graphiql'],
    ['migrate'],
    ['load'],
    ['compose'],
    ['check'],
    ['keys'],
    ['audit'],
    ['query'],
    ['generate'],
  ])('explains %s, with an example', async (command) => {
    const { code, output } = await runCommandHere([command, '--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/Example:\n .*npx wenshu/);
  });

  it('names the supergraph that it cannot use, and why', async () => {
    await using folder = await createDataFolder();
    const file = join(folder.path, 'supergraph.graphql');
    expect(await runCommandHere(['gateway', '--supergraph', file])).toEqual({
      code: 1,
      output: `wenshu: The supergraph ${file} cannot be read (ENOENT).`,
    });
    await writeFile(file, 'type Query {');
    expect(await runCommandHere(['gateway', '--supergraph', file])).toEqual({
      code: 1,
      output: `wenshu: The supergraph ${file} cannot be used: Syntax Error: Expected Name, found <EOF>.`,
    });
    await writeFile(file, 'type Query { parks: Int }');
    expect(await runCommandHere(['gateway', '--supergraph', file])).toEqual({
      code: 1,
      output: `wenshu: The supergraph ${file} cannot be used: The supergraph names no subgraph: it has no enum join__Graph.`,
    });
  });

  it('asks for a database where a subgraph apart has none', async () => {
    await using data = await createDataFolder();
    expect(await runCommandHere(['subgraph', 'parks'], { WENSHU_DATA: data.path })).toEqual({
      code: 1,
      output: 'wenshu: No database for parks: set DATABASE_URL or PARKS_DATABASE_URL.',
    });
  });

  it('starts no subgraph in production that would answer anybody', async () => {
    expect(await runCommandHere(['subgraph', 'parks'], { NODE_ENV: 'production' })).toEqual({
      code: 2,
      output: [
        'wenshu: The environment has settings that cannot be used:',
        '  - SUBGRAPH_KEYS must be set with NODE_ENV=production: without keys the subgraph parks would answer anybody.',
      ].join('\n'),
    });
  });

  it('names the file for TLS that it cannot read', async () => {
    const [SUBGRAPH_TLS_CERT, SUBGRAPH_TLS_KEY, SUBGRAPH_TLS_CA] = [
      '/nowhere/c',
      '/nowhere/k',
      '/nowhere/ca',
    ];
    const files = { SUBGRAPH_TLS_CERT, SUBGRAPH_TLS_KEY, SUBGRAPH_TLS_CA };
    expect(await runCommandHere(['gateway'], files)).toEqual({
      code: 1,
      output: 'wenshu: The file /nowhere/c for TLS cannot be read (ENOENT).',
    });
  });
});
