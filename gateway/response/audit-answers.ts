import { hash } from 'node:crypto';
import { isDenial } from '@wenshu/schema/errors.ts';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AuditLog } from '../audit/audit-log.ts';
import { AuditUnavailable } from '../audit/group-commit.ts';
import type { AnswerEvent, Decision } from '../audit/record.ts';
import { networkOf } from '../http/client-address.ts';
import type { Incoming } from '../http/incoming.ts';
import { isStream, notAnswered, type Reply, refusal, withEnd } from '../http/reply.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import { memoize } from '../lib/memoize.ts';
import { type CallerOnRecord, callerOnRecord } from '../request/caller-on-record.ts';
import type { GatewayContext } from '../request/context.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { AnswerAccess, Outcome, RequestFacts, RequestRecord } from '../request/record.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { codesIn } from './note-response.ts';
import type { ResponseStep } from './response-step.ts';

/**
 * Returns the fields that a valid operation reads for this caller: the same list object as long as nothing about it
 * changes.
 */
export type FindFieldAccesses = (operation: {
  readonly document: DocumentNode;
  readonly context: GatewayContext;
}) => readonly FieldAccess[];

/** Finds field accesses by the `@sharing` of the supergraph. */
export const fieldAccessesBySharing: FindFieldAccesses = ({ context }) => context.record?.seen ?? noFields;

/** Notes the caller of an answer and the fields that it reads. */
export const noteAccess =
  (fieldAccesses: FindFieldAccesses, supergraphOf: (schema: GraphQLSchema) => Supergraph): ResponseStep =>
  ({ document, operation, schema, response: { body }, contextValue: context }) => {
    if (!context.record || body.kind !== 'single') return;
    // An operation without data did not run, so it read nothing.
    const ran = operation && document && body.singleResult.data !== undefined;
    const fields = ran ? fieldAccesses({ document, context }) : noFields;
    context.record.noteAccess(accessOf(context, fields, body.singleResult.errors, supergraphOf(schema)));
  };

/** Returns the caller of an answer and the fields that it reads. */
export const accessOf = (
  { caller, purposeOfUse }: GatewayContext,
  fields: readonly FieldAccess[],
  errors: readonly GraphQLFormattedError[] | undefined,
  supergraph: Supergraph,
): AnswerAccess => ({
  caller: caller && callerOnRecord(caller),
  represents: purposeOfUse?.represents,
  purpose: purposeOfUse?.purpose,
  caseNumber: purposeOfUse?.caseNumber,
  fields,
  denied: deniedPlaces(errors),
  schema: versionOf(supergraph),
});

/** Records answers. */
export type AnswerAudit = {
  /**
   * Records an answer before it is sent, and returns what to send. An answer with data that is not shared with
   * everybody waits until its record is durable, and is refused when that fails. Others do not wait; those with data
   * are refused when the record would be lost. A streamed answer is recorded again at its end, with its totals.
   * Requests that admission refused are counted.
   */
  answered(incoming: Incoming, record: RequestRecord, reply: Reply): MaybePromise<Reply>;
  /** Records a request without an answer, after a fault. */
  failed(incoming: Incoming, record: RequestFacts): void;
};

export type AnswerAuditOptions = {
  readonly kind?: AnswerEvent['kind'];
  /** Whether callers authenticate, so that a request without a caller is an unauthenticated one. */
  readonly knowsCallers?: boolean;
};

export function auditAnswers(
  audit: AuditLog,
  { kind = 'answer', knowsCallers = false }: AnswerAuditOptions = {},
): AnswerAudit {
  async function whenDurable(event: AnswerEvent, incoming: Incoming, record: RequestRecord, reply: Reply) {
    try {
      await audit.append(event);
    } catch (cause) {
      if (!(cause instanceof AuditUnavailable)) throw cause;
      return refuse(incoming, record, reply);
    }
    return withTotals(incoming, record, reply);
  }

  /** Returns the reply; a streamed one is recorded again at its end. */
  const withTotals = (incoming: Incoming, record: RequestRecord, reply: Reply) =>
    isStream(reply)
      ? withEnd(reply, incoming.signal, (bytes) => audit.note(toEvent(kind, incoming, record, reply, bytes)))
      : reply;

  /** Creates the answer that is sent in place of one whose record would be lost. */
  function refuse(incoming: Incoming, record: RequestRecord, dropped: Reply): Reply {
    dropped.cancel?.();
    const refused = unavailable(incoming);
    record.noteRefusal(codesIn(refused));
    audit.note(toEvent(kind, incoming, record, refused), true);
    return refused;
  }

  /** Number of faulty requests of each caller in this minute. */
  const faulty = new LRUCache<string, number>({ max: 10_000, ttl: 60_000, noUpdateTTL: true });
  function isOneOfMany(caller: CallerOnRecord): boolean {
    const key = JSON.stringify(caller);
    const count = (faulty.get(key) ?? 0) + 1;
    faulty.set(key, count);
    return count > faultyOnRecord;
  }

  /** Counts a request that admission refused or that disclosed nothing. Returns false for others. */
  function countTurnedAway({ admitted, clientAddress }: Incoming, record: RequestFacts, status: number) {
    const { errorCodes, hasData } = record;
    const caller = admitted && callerOnRecord(admitted.caller);
    // A caller admitted without credentials is also unauthenticated.
    const isUnauthenticated = () => knowsCallers && !caller && (!hasData || isOfGatewayAlone(record));
    const isOverLimit = () => !hasData && errorCodes.length > 0 && errorCodes.every(isLimit);
    // What a caller may not see is recorded each time.
    const isFaulty = () =>
      !hasData && status < 500 && record.outcomeOf(status) === 'refused' && !errorCodes.some(isDenial);
    if (!isUnauthenticated() && !isOverLimit() && !(caller && isFaulty() && isOneOfMany(caller)))
      return false;
    const [code = hasData ? 'NO_DATA' : 'INTERNAL_SERVER_ERROR'] = errorCodes;
    audit.countRefusal({ caller, network: networkOf(clientAddress), code });
    return true;
  }

  return {
    answered(incoming, record, reply) {
      if (countTurnedAway(incoming, record, reply.status)) return reply;
      const event = toEvent(kind, incoming, record, reply);
      const { hasData } = record;
      if (hasData && !event.fields.every(isShared)) return whenDurable(event, incoming, record, reply);
      // A stream without data is recorded at its end.
      const isRecorded = (!hasData && isStream(reply)) || audit.note(event, !hasData);
      return isRecorded || !hasData ? withTotals(incoming, record, reply) : refuse(incoming, record, reply);
    },
    failed(incoming, record) {
      if (countTurnedAway(incoming, record, 500)) return;
      const failure = refusal('INTERNAL_SERVER_ERROR', notAnswered);
      audit.note(toEvent(kind, incoming, record, failure), true);
    },
  };
}

/** Codes of exceeded limits. Such a request was not executed, and a caller who sends one sends many. */
const limits = new Set(['RATE_LIMITED', 'QUOTA_EXCEEDED', 'OVERLOADED']);
const isLimit = (code: string) => limits.has(code);

/** Number of faulty requests of a caller in a minute that are recorded individually. Further ones are counted. */
const faultyOnRecord = 20;

/** Whether an answer needed no subgraph, such as `__typename` or the schema. */
const isOfGatewayAlone = ({ planning, calls, seen }: RequestFacts) =>
  planning?.plan !== undefined && !planning.plan.node && calls.length === 0 && !seen?.length;

const isShared = (access: FieldAccess) => access.class === 'UNCONDITIONAL';

const unavailable = ({ headers }: Incoming) =>
  refusal(
    'AUDIT_UNAVAILABLE',
    {
      message: 'The answer has data, but the audit log cannot record it now. Try again later.',
      messageZh: '答复含有数据,而现在无法记录何人查看,请稍后再试。',
    },
    headers,
    { 'retry-after': '5' },
  );

function toEvent(
  kind: AnswerEvent['kind'],
  incoming: Incoming,
  record: RequestFacts,
  { status, body }: Reply,
  bytes = typeof body === 'string' ? Buffer.byteLength(body) : 0,
): AnswerEvent {
  const { access, operation, errorCodes, rows, enterprises, hasData, options } = record;
  // Members are listed because spreading the access would take as long as everything else (`tests/bench/audit.ts`).
  return {
    kind,
    caller: access?.caller,
    represents: access?.represents,
    purpose: access?.purpose,
    caseNumber: access?.caseNumber,
    schema: access?.schema,
    denied: withDenied(access?.denied ?? nowhere, record),
    fields: access?.fields ?? noFields,
    clientAddress: incoming.clientAddress,
    requestId: options.requestId,
    traceId: record.traceId,
    operation,
    decision: errorCodes.some(isDenial) ? 'denied' : decisionOf[record.outcomeOf(status)],
    errorCodes,
    rows: Object.fromEntries(rows ?? []),
    enterprises: hasData ? enterprises?.ids : undefined,
    enterprisesOf: hasData ? enterprises?.byOwner : undefined,
    bytes,
    latencyMs: Math.round((performance.now() - record.startedAt) * 100) / 100,
  };
}

/** One shared empty list, so that it is written once. */
export const noFields: readonly FieldAccess[] = [];

const decisionOf: Readonly<Record<Outcome, Decision>> = {
  ok: 'answered',
  partial: 'partial',
  failed: 'failed',
  refused: 'refused',
  abandoned: 'failed',
};

const nowhere: readonly string[] = [];

function deniedPlaces(errors: readonly GraphQLFormattedError[] | undefined): readonly string[] {
  if (!errors) return nowhere;
  const places = errors
    // An error of the whole operation has no place in the answer.
    .filter(({ path, extensions }) => path && isDenial(String(extensions?.code)))
    .map(({ path = [] }) => path.filter((segment) => typeof segment === 'string').join('.'));
  return [...new Set(places)];
}

/** Returns the denied places. The executor knows all of them, however many errors the answer lists. */
const withDenied = (places: readonly string[], { denied }: RequestFacts): readonly string[] =>
  denied?.size ? [...new Set([...places, ...denied])] : places;

const versionOf = memoize(({ sdl }: Supergraph): string => hash('sha256', sdl));
