import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import { SubgraphFailure } from '@wenshu/gateway/request/errors.ts';
import type { Subgraph } from '@wenshu/gateway/upstream/subgraph.ts';
import type { Caller, Department } from '@wenshu/schema/caller.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { exportFrom } from '../../support/export.ts';
import { startHub } from '../../support/hub.ts';
import { poll } from '../../support/poll.ts';
import { ask as sql } from '../../support/sql.ts';
import { unlimited } from '../../support/unlimited.ts';
import type { Asker } from './callers.ts';
import { rowsForFew } from './rows.ts';

/** Calls to one subgraph for a question, bytes sent and received, and whether a call ended without an answer. */
type Calls = { calls: number; bytes: number; isBrokenOff: boolean };
/** Effort of a question, by subgraph. */
export type Effort = Readonly<Record<string, Readonly<Calls>>>;
export type Response = { readonly text: string; readonly effort: Effort };

export type Question = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };

/** Marks an export that was cut off. */
export const brokenOff = 'broken off';

export type FuzzedHub = AsyncDisposable & {
  readonly adminUrl: string;
  /** Sets the caller of the next questions and the agreements. */
  admit(asker: Asker): void;
  ask(question: Question): Promise<Response>;
  exported(question: Question, format: string): Promise<Response>;
};

const asMuchAsTheyLike = { costPerMinute: 0, costPerDay: 0 };
const admission = {
  queryLimits: unlimited,
  rateLimits: { department: asMuchAsTheyLike, partner: asMuchAsTheyLike },
};

/** Limits of time are off, so that a busy machine makes no difference. */
const asLongAsItTakes = { planBudgetMs: Infinity, planTimeoutMs: 60_000 };

/**
 * Starts a hub over this database that counts the effort of each request. It is open for everybody, unless it is guarded. Unknown callers
 * read real rows, and synthetic ones on a trial hub.
 */
export async function startFuzzed(
  database: TestDatabase,
  isGuarded: boolean,
  isTrial = false,
): Promise<FuzzedHub> {
  const efforts = new Map<string, Record<string, Calls>>();
  const agreements = keepAgreements();
  let caller: Caller | undefined;
  let purpose = '';
  let asked = 0;
  const hub = await startHub({
    database,
    admission,
    isTrial,
    callTimeoutMs: 60_000,
    around: (name, call) => counting(name, call, efforts),
    guard: {
      ...asLongAsItTakes,
      ...(isGuarded && { access: { others: [async () => caller] }, agreements }),
    },
  });
  // A guarded gateway reads the regions at its start, which is no effort of a question.
  if (isGuarded) await poll(() => (hub.calls.enterprises > 0 ? true : undefined));

  const headersOf = (id: string) => ({ 'x-request-id': id, 'x-wenshu-purpose': purpose });
  const responseOf = (id: string, text: string): Response => {
    const effort = efforts.get(id) ?? {};
    efforts.clear();
    return { text, effort };
  };
  return {
    adminUrl: database.adminUrl,
    admit(asker) {
      caller = asker.caller;
      purpose = encodeURIComponent(asker.purpose);
      agreements.replace(grantsOf(asker));
    },
    async ask(question) {
      const id = `fuzz-${asked++}`;
      const response = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headersOf(id) },
        body: JSON.stringify(question),
      });
      return responseOf(id, await response.text());
    },
    async exported(question, format) {
      const id = `fuzz-${asked++}`;
      // An export that fails after its first row is cut off.
      const text = await exportFrom(hub.url, { ...question, format }, headersOf(id)).then(
        ({ status, text }) => `${status} ${text}`,
        () => brokenOff,
      );
      return responseOf(id, text);
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

function counting(name: SubgraphName, call: Subgraph, efforts: Map<string, Record<string, Calls>>): Subgraph {
  const counted: Subgraph = async (request, context) => {
    const effort = efforts.get(context.requestId) ?? {};
    efforts.set(context.requestId, effort);
    const part = effort[name] ?? { calls: 0, bytes: 0, isBrokenOff: false };
    effort[name] = part;
    part.calls++;
    part.bytes += sizeOf(request.variables) + request.query.length;
    const response = await call(request, context);
    part.bytes += sizeOf(response);
    if (response instanceof SubgraphFailure) part.isBrokenOff = true;
    return response;
  };
  return Object.assign(counted, call);
}

const sizeOf = (value: unknown) => JSON.stringify(value ?? null).length;

function grantsOf({ caller, agreements }: Asker): ReadonlyMap<Department, readonly Grant[]> {
  if (caller.kind !== 'department') return new Map();
  const grants = agreements.map((agreement): Grant => {
    const agreementId = JSON.stringify([caller, agreement]);
    return { agreementId, endsAt: Date.now() + 3_600_000_000, ...agreement };
  });
  return new Map([[caller.department, grants]]);
}

/** Creates a database with the dataset and the rows that few callers may see. */
export async function createFullDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  await sql(database.adminUrl, rowsForFew);
  return database;
}
