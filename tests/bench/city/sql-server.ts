/**
 * The lower bound: one hand-written statement over all five schemas, prepared, behind bare `node:http`. It takes the requests of the hub,
 * but reads only the ids. Its argument is the address of the database.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import postgres from 'postgres';
import { announce } from '../support/announce.ts';

const statement = readFileSync(new URL('enterprise-360.sql', import.meta.url), 'utf8');
const sql = postgres(process.argv[2] ?? '', { max: 10, onnotice: () => {} });

const server = createServer(async (request, response) => {
  try {
    const { variables } = JSON.parse(await text(request));
    const [row] = await sql.unsafe(statement, [variables.ids], { prepare: true });
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(row?.answer),
    });
    response.end(row?.answer);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
announce(server);
