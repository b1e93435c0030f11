import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { KnownOperation } from '../request/record.ts';
import type { AnswerEvent, Checkpoint, Entry, Link, Party } from './record.ts';

// The canonical text of a record, over which its hash is computed: JSON without white space, members in the order
// below, empty members left out. The log holds this very text, so a verifier need not know the order.

/** Returns the first part of the text, with the record's place in the chain. */
export const headOf = ({ sequence, previous, gateway, time }: Link, kind: Entry['kind']): string =>
  `{"sequence":${sequence},"previous":"${previous}","gateway":${JSON.stringify(gateway)},"kind":"${kind}","time":"${time}"`;

/** Returns the second part, which is known as soon as the entry is noted. */
export function restOf(entry: Entry): string {
  switch (entry.kind) {
    case 'genesis':
      return rest({ publicKey: entry.publicKey });
    case 'interruption': {
      const { since, reason, lost } = entry;
      return rest({ since, reason, lost });
    }
    case 'refusals': {
      const { caller, clientAddress, since, counts } = entry;
      return rest({ caller, clientAddress, since, counts });
    }
    case 'stop':
      return '}';
    case 'checkpoint':
      return rest({ ...statedBy(entry), signature: entry.signature });
    case 'key':
    case 'agreement':
    case 'webhook':
    case 'change': {
      const { action, subject, details } = entry;
      return rest({ ...partyOf(entry), action, subject, details });
    }
    default:
      return restOfAnswer(entry);
  }
}

/** Returns the text that a checkpoint signs: its canonical text without the signature. */
export const statementOf = (link: Link, checkpoint: Omit<Checkpoint, 'signature'>): string =>
  headOf(link, checkpoint.kind) + rest(statedBy(checkpoint));

const statedBy = ({ first, last, root }: Omit<Checkpoint, 'signature'>) => ({ first, last, root });

const partyOf = ({
  caller,
  represents,
  purpose,
  caseNumber,
  clientAddress,
  requestId,
  traceId,
}: Party): Party => ({ caller, represents, purpose, caseNumber, clientAddress, requestId, traceId });

const rest = (members: object) => `,${JSON.stringify(members).slice(1)}`;

/**
 * Writes an answer member by member, because every request has one. The texts of kept callers and operations are
 * reused (`tests/bench/audit.ts`).
 */
function restOfAnswer(entry: AnswerEvent): string {
  const { caller, operation, errorCodes, denied, rows, enterprises, enterprisesOf, bytes, latencyMs } = entry;
  return (
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
    `,"denied":${textOfList(denied)},"rows":${textOfCounts(rows)}` +
    (enterprises === undefined ? '' : `,"enterprises":${JSON.stringify(enterprises)}`) +
    (enterprisesOf === undefined ? '' : `,"enterprisesOf":${JSON.stringify(enterprisesOf)}`) +
    `,"bytes":${bytes},"latencyMs":${latencyMs},"fields":${textOfFields(entry.fields)}}`
  );
}

const member = (name: string, text: string | undefined) =>
  text === undefined ? '' : `,"${name}":${JSON.stringify(text)}`;

/** Writes a list of texts, which is mostly empty. */
const textOfList = (texts: readonly string[]) => (texts.length === 0 ? '[]' : JSON.stringify(texts));

function textOfCounts(counts: Readonly<Record<string, number>>): string {
  let members = '';
  for (const name in counts) members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${counts[name]}`;
  return `{${members}}`;
}

const texts = new WeakMap<object, string>();

/** Returns the text of an object, made once for each: a kept object comes with many requests (`tests/bench/audit.ts`). */
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

const textOfFields = (fields: readonly FieldAccess[]) =>
  textOf(fields, (list) =>
    list.map(({ coordinate, class: shareClass, owner, agreement }) => ({
      coordinate,
      class: shareClass,
      owner,
      agreement,
    })),
  );
