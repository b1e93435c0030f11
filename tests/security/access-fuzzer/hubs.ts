import { SubgraphFailure } from '@wenshu/gateway/request/errors.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import type { Agreed } from '../../support/callers.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { exportFrom } from '../../support/export.ts';
import { startHub } from '../../support/hub.ts';
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
  let caller: Caller | undefined;
  let purpose = '';
  let asked = 0;
  const hub = await startHub({
    database,
    admission,
    isTrial,
    callTimeoutMs: 60_000,
    onCall(name, { query, variables }, answered, { requestId }) {
      const effort = efforts.get(requestId) ?? {};
      efforts.set(requestId, effort);
      const part = effort[name] ?? { calls: 0, bytes: 0, isBrokenOff: false };
      effort[name] = part;
      part.calls++;
      part.bytes += sizeOf(variables) + query.length + sizeOf(answered);
      if (answered instanceof SubgraphFailure) part.isBrokenOff = true;
    },
    ...asLongAsItTakes,
    ...(isGuarded && { access: { others: [async () => caller] }, agreements: {} }),
  });

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
      if (isGuarded) hub.agree(agreedWith(asker));
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

const sizeOf = (value: unknown) => JSON.stringify(value ?? null).length;

function agreedWith({ caller, agreements }: Asker): Agreed {
  if (caller.kind !== 'department') return {};
  const endsAt = Date.now() + 3_600_000_000;
  const agreementId = (agreement: object) => JSON.stringify([caller, agreement]);
  return {
    [caller.department]: agreements.map((each) => ({ agreementId: agreementId(each), endsAt, ...each })),
  };
}

/** Creates a database with the dataset and the rows that few callers may see. */
export async function createFullDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  await sql(database.adminUrl, rowsForFew);
  return database;
}
