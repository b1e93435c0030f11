/**
 * The lower bound: the same change as a hand-written transaction behind bare `node:http`. It checks the version alone; whose
 * the change is and what the table allows, it takes for granted. Its argument is the address of the database.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import postgres from 'postgres';
import { announce } from '../support/announce.ts';

const sql = postgres(process.argv[2] ?? '', { max: 10, onnotice: () => {} });
const author = 'f'.repeat(64);

type Input = { id: string; version: number; key: string; noteZh: string; escalation: string };

const escalate = (input: Input) =>
  sql.begin(async (tx) => {
    const [known] =
      await tx`select step from policies.mutation_keys where author = ${author} and key = ${input.key}`;
    if (known) return known.step;
    const [row] = await tx`select stage, version, region_code, due_on from policies.service_requests
      where id = ${input.id} for update`;
    if (row?.version !== input.version) throw new Error('CONFLICT');
    const version = input.version + 1;
    await tx`update policies.service_requests set version = ${version}, escalation = ${input.escalation},
      updated_at = now() where id = ${input.id}`;
    const [step] = await tx`insert into policies.service_request_steps
      (object_id, seq, stage, action, step_on, at, department, author, due_on, note_zh, details)
      select ${input.id}, coalesce(max(seq), -1) + 1, ${row.stage}, 'ESCALATE', current_date, now(), 'PROPAGANDA', ${author},
        ${row.due_on}, ${input.noteZh}, '{}' from policies.service_request_steps where object_id = ${input.id} returning seq`;
    await tx`insert into policies.changes (type, object_id, action, stage, version, region_code)
      values ('ServiceRequest', ${input.id}, 'ESCALATE', ${row.stage}, ${version}, ${row.region_code})`;
    await tx`insert into policies.mutation_keys (author, key, input_hash, object_id, step)
      values (${author}, ${input.key}, ${createHash('sha256').update(JSON.stringify(input)).digest('hex')}, ${input.id}, ${step?.seq})`;
    return step?.seq;
  });

const server = createServer(async (request, response) => {
  try {
    const { variables } = JSON.parse(await text(request));
    const step = await escalate(variables.input);
    const body = JSON.stringify({ data: { advanceServiceRequest: { step } } });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
announce(server);
