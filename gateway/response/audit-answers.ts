import { hash } from 'node:crypto';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { AuditLog } from '../audit/audit-log.ts';
import { AuditUnavailable } from '../audit/group-commit.ts';
import { type AnswerEvent, callerOnRecord, type Decision, type Touch } from '../audit/record.ts';
import type { GatewayContext } from '../context.ts';
import type { Supergraph } from '../execution/supergraph.ts';
import { isStream, type Reply, refusal, withEnd } from '../http/reply.ts';
import type { Incoming } from '../http/server.ts';
import { noteRefusal } from '../telemetry/note-response.ts';
import type { Outcome, RequestRecord } from '../telemetry/request-record.ts';
import type { ResponseStep } from './before-sending.ts';

/** The fields that a valid operation reads for this caller, in one and the same list as long as nothing of that changes. */
export type Touches = (operation: {
  readonly document: DocumentNode;
  readonly context: GatewayContext;
}) => readonly Touch[];

/** As the `@sharing` of the supergraph says. */
export const touchesBySharing: Touches = ({ context }) => context.record?.seen ?? noFields;

/** What the response says for the audit log before it is text. */
export type Access = Pick<
  AnswerEvent,
  'caller' | 'represents' | 'purpose' | 'caseNumber' | 'schema' | 'denied' | 'fields'
>;

/** Notes down who is answered and what the answer touches. */
export const noteAccess =
  (touches: Touches, supergraphOf: (schema: GraphQLSchema) => Supergraph): ResponseStep =>
  ({ document, operation, schema, response: { body }, contextValue: context }) => {
    if (!context.record || body.kind !== 'single') return;
    const fields = operation && document ? touches({ document, context }) : noFields;
    context.record.access = accessOf(context, fields, body.singleResult.errors, supergraphOf(schema));
  };

/** Who is answered, and what the answer touches. */
export const accessOf = (
  { caller, occasion }: GatewayContext,
  fields: readonly Touch[],
  errors: readonly GraphQLFormattedError[] | undefined,
  supergraph: Supergraph,
): Access => ({
  caller: caller && callerOnRecord(caller),
  represents: occasion?.represents,
  purpose: occasion?.purpose,
  caseNumber: occasion?.caseNumber,
  fields,
  denied: deniedPlaces(errors),
  schema: versionOf(supergraph),
});

type Answering = (incoming: Incoming, record: RequestRecord) => Promise<Reply>;

/**
 * Puts each answer on record before it leaves. One that holds data that is not shared with everybody waits until its
 * record is durable, and is refused where it cannot be; the others do not wait. What leaves bit by bit is put on record
 * again when it is out, with what it came to.
 */
export const auditAnswers =
  (audit: AuditLog, answer: Answering, kind: AnswerEvent['kind'] = 'answer'): Answering =>
  async (incoming, record) => {
    const eventOf = (reply: Reply, bytes?: number) => toEvent(kind, incoming, record, reply, bytes);
    let reply: Reply;
    try {
      reply = await answer(incoming, record);
    } catch (cause) {
      audit.note(eventOf(refusal('INTERNAL_SERVER_ERROR', 'This request could not be answered.')));
      throw cause;
    }
    noteRefusal(record, reply);
    const event = eventOf(reply);
    const isForAll = !record.hasData || event.fields.every(isShared);
    const sent = isStream(reply)
      ? withEnd(reply, incoming.signal, (bytes) => audit.note(eventOf(reply, bytes)))
      : reply;
    if (isForAll) {
      if (!isStream(reply)) audit.note(event);
      return sent;
    }
    try {
      await audit.append(event);
      return sent;
    } catch (cause) {
      if (!(cause instanceof AuditUnavailable)) throw cause;
      const refused = unavailable();
      record.errorCodes = [];
      record.hasData = false;
      noteRefusal(record, refused);
      audit.note(eventOf(refused));
      return refused;
    }
  };

const isShared = (touch: Touch) => touch.class === 'UNCONDITIONAL';

const unavailable = () =>
  refusal(
    'AUDIT_UNAVAILABLE',
    'The answer holds data that is shared on conditions, and who saw it cannot be put on record now. Try again later.',
    { 'retry-after': '5' },
  );

function toEvent(
  kind: AnswerEvent['kind'],
  incoming: Incoming,
  record: RequestRecord,
  { status, body }: Reply,
  bytes = typeof body === 'string' ? Buffer.byteLength(body) : 0,
): AnswerEvent {
  const { access, operation, errorCodes, rows, enterprises, hasData, options } = record;
  // Member by member: spreading the access into it would take as long as all the rest.
  return {
    kind,
    caller: access?.caller,
    represents: access?.represents,
    purpose: access?.purpose,
    caseNumber: access?.caseNumber,
    schema: access?.schema,
    denied: access?.denied ?? nowhere,
    fields: access?.fields ?? noFields,
    clientAddress: incoming.clientAddress,
    requestId: options.requestId,
    traceId: record.traceId,
    operation,
    decision: errorCodes.some(isDenial) ? 'denied' : decisionOf[record.outcomeOf(status)],
    errorCodes,
    rows: Object.fromEntries(rows ?? []),
    enterprises: hasData ? enterprises?.ids : undefined,
    bytes,
    latencyMs: Math.round((performance.now() - record.startedAt) * 100) / 100,
  };
}

/** One and the same, so that it is written once. */
export const noFields: readonly Touch[] = [];

const decisionOf: Readonly<Record<Outcome, Decision>> = {
  ok: 'answered',
  partial: 'partial',
  failed: 'failed',
  refused: 'refused',
  abandoned: 'failed',
};

/** The caller has no right to what it asked for, or to a part. */
const denials = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_SHARED']);
const isDenial = (code: string) => denials.has(code);

const nowhere: readonly string[] = [];

function deniedPlaces(errors: readonly GraphQLFormattedError[] | undefined): readonly string[] {
  if (!errors) return nowhere;
  const places = errors
    .filter(({ extensions }) => isDenial(String(extensions?.code)))
    .map(({ path = [] }) => path.filter((segment) => typeof segment === 'string').join('.'));
  return [...new Set(places)];
}

const versions = new WeakMap<Supergraph, string>();

function versionOf(supergraph: Supergraph): string {
  const version = versions.get(supergraph) ?? hash('sha256', supergraph.sdl);
  versions.set(supergraph, version);
  return version;
}
