import type { Checkpoint, Entry, Link, Party, Touch } from './record.ts';

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
    default: {
      const { operation, schema, decision, errorCodes, denied, rows, bytes, latencyMs } = entry;
      const outcome = { schema, decision, errorCodes, denied, rows, bytes, latencyMs };
      const text = JSON.stringify({
        ...headOf(link, entry),
        ...partyOf(entry),
        operation: operation && { name: operation.name, hash: operation.hash },
        ...outcome,
      });
      return withMember(text, 'fields', textOfFields(entry.fields));
    }
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

const textsOfFields = new WeakMap<readonly Touch[], string>();

/** Written once for each list: an operation that is kept brings the same one with every request. */
function textOfFields(fields: readonly Touch[]): string {
  const known = textsOfFields.get(fields);
  if (known !== undefined) return known;
  const text = JSON.stringify(
    fields.map(({ coordinate, class: sharing, owner, agreement }) => ({
      coordinate,
      class: sharing,
      owner,
      agreement,
    })),
  );
  textsOfFields.set(fields, text);
  return text;
}
