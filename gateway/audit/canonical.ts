import type { KnownOperation } from '../telemetry/request-record.ts';
import type { AnswerEvent, CallerOnRecord, Checkpoint, Entry, Link, Party, Touch } from './record.ts';

/**
 * The text of a record, over which its hash is taken: JSON without white space, members in the order below, those that
 * say nothing left out. It is written as it was hashed, so whoever verifies need not know this order.
 */
export function canonical(link: Link, entry: Entry): string {
  switch (entry.kind) {
    case 'genesis':
      return JSON.stringify({ ...headOf(link, entry), publicKey: entry.publicKey });
    case 'interruption': {
      const { since, reason, lost } = entry;
      return JSON.stringify({ ...headOf(link, entry), since, reason, lost });
    }
    case 'checkpoint':
      return withMember(statementOf(link, entry), 'signature', JSON.stringify(entry.signature));
    case 'key':
    case 'agreement': {
      const { action, subject, details } = entry;
      return JSON.stringify({ ...headOf(link, entry), ...partyOf(entry), action, subject, details });
    }
    default:
      return textOfAnswer(link, entry);
  }
}

/** What a checkpoint signs: its own text without the signature. */
export const statementOf = (link: Link, checkpoint: Omit<Checkpoint, 'signature'>): string => {
  const { first, last, root } = checkpoint;
  return JSON.stringify({ ...headOf(link, checkpoint), first, last, root });
};

const headOf = ({ sequence, previous, gateway, time }: Link, { kind }: Pick<Entry, 'kind'>) => ({
  sequence,
  previous,
  gateway,
  kind,
  time,
});

const partyOf = ({
  caller,
  represents,
  purpose,
  caseNumber,
  clientAddress,
  requestId,
  traceId,
}: Party): Party => ({ caller, represents, purpose, caseNumber, clientAddress, requestId, traceId });

const withMember = (object: string, name: string, value: string) =>
  `${object.slice(0, -1)},"${name}":${value}}`;

/** Written member by member, as every request has one: what callers and operations bring again is text already. */
function textOfAnswer({ sequence, previous, gateway, time }: Link, entry: AnswerEvent): string {
  const { caller, operation, errorCodes, denied, rows, enterprises, bytes, latencyMs } = entry;
  return (
    `{"sequence":${sequence},"previous":"${previous}","gateway":${JSON.stringify(gateway)}` +
    `,"kind":"${entry.kind}","time":"${time}"` +
    (caller ? `,"caller":${textOfCaller(caller)}` : '') +
    member('represents', entry.represents) +
    member('purpose', entry.purpose) +
    member('caseNumber', entry.caseNumber) +
    member('clientAddress', entry.clientAddress) +
    member('requestId', entry.requestId) +
    member('traceId', entry.traceId) +
    (operation ? `,"operation":${textOfOperation(operation)}` : '') +
    member('schema', entry.schema) +
    `,"decision":"${entry.decision}","errorCodes":${textOfList(errorCodes)}` +
    `,"denied":${textOfList(denied)},"rows":${JSON.stringify(rows)}` +
    (enterprises === undefined ? '' : `,"enterprises":${JSON.stringify(enterprises)}`) +
    `,"bytes":${bytes},"latencyMs":${latencyMs},"fields":${textOfFields(entry.fields)}}`
  );
}

const member = (name: string, text: string | undefined) =>
  text === undefined ? '' : `,"${name}":${JSON.stringify(text)}`;

/** Mostly empty. */
const textOfList = (texts: readonly string[]) => (texts.length === 0 ? '[]' : JSON.stringify(texts));

const texts = new WeakMap<object, string>();

/** Written once for each: one that is kept comes with many requests. */
function textOf<Kept extends object>(kept: Kept, toJson: (kept: Kept) => unknown): string {
  let text = texts.get(kept);
  if (text === undefined) {
    text = JSON.stringify(toJson(kept));
    texts.set(kept, text);
  }
  return text;
}

const textOfCaller = (caller: CallerOnRecord) => textOf(caller, (each) => each);

const textOfOperation = (operation: KnownOperation) =>
  textOf(operation, ({ name, hash }) => ({ name, hash }));

const textOfFields = (fields: readonly Touch[]) =>
  textOf(fields, (list) =>
    list.map(({ coordinate, class: shareClass, owner, agreement }) => ({
      coordinate,
      class: shareClass,
      owner,
      agreement,
    })),
  );
