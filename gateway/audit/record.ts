import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { KnownOperation } from '../request/record.ts';

/**
 * How an operation ended: with all it asked for; with a part, because something failed; without what the caller has no
 * right to; not carried out, because the request was not fit to be; or with nothing, because something failed.
 */
export type Decision = 'answered' | 'partial' | 'denied' | 'refused' | 'failed';

/** Who asked, from where, and what for; undefined where nobody has said. */
export type Party = {
  readonly caller?: CallerOnRecord | undefined;
  /** 代表: on whose behalf. */
  readonly represents?: string | undefined;
  /** 用途 */
  readonly purpose?: string | undefined;
  readonly caseNumber?: string | undefined;
  readonly clientAddress?: string | undefined;
  readonly requestId?: string | undefined;
  /** Of the W3C trace that the request belongs to. */
  readonly traceId?: string | undefined;
};

/** An operation that was answered, or data that was exported. */
export type AnswerEvent = Party & {
  readonly kind: 'answer' | 'export';
  /** Undefined where the request held no valid operation. */
  readonly operation?: KnownOperation | undefined;
  /** SHA-256 of the supergraph that it was answered from. */
  readonly schema?: string | undefined;
  readonly decision: Decision;
  /** Codes of its errors, each once. */
  readonly errorCodes: readonly string[];
  /**
   * Places in the answer that the caller had no right to, without list positions: `parks.nodes.rent`. Of an operation
   * that was refused as a whole for them, their coordinates.
   */
  readonly denied: readonly string[];
  /** Entities in the answer by type; an entity that stands in it many times at one place counts once. */
  readonly rows: Readonly<Record<string, number>>;
  /**
   * Ids of the enterprises of which it tells what is not for everybody; null in bulk: where these are more than are
   * named (`enterprises-told.ts`), or nobody knows which. Left out where there are none, and in records from before it was noted.
   */
  readonly enterprises?: readonly string[] | null | undefined;
  /**
   * The same for each department whose data tell of them: it is told of these alone. Left out where there are none, and in
   * records from before it was noted.
   */
  readonly enterprisesOf?: Readonly<Record<string, readonly string[] | null>> | undefined;
  readonly bytes: number;
  readonly latencyMs: number;
  /** The same list for the same operation and rights: then writing it costs nothing but the first time. */
  readonly fields: readonly FieldAccess[];
};

/** A change of a key or an agreement. */
export type ChangeEvent = Party & {
  readonly kind: 'key' | 'agreement';
  /** `create`, `rotate`, `revoke`, `approve` … */
  readonly action: string;
  /** The id of the key or agreement. */
  readonly subject: string;
  /** What it says now, for people; never a secret. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
};

/** Requests that were turned away at the door: those of one network, or of one caller, in about a minute. */
export type Refusals = {
  readonly kind: 'refusals';
  readonly caller?: CallerOnRecord | undefined;
  /** The network that strangers came from: an address, a /64 of IPv6, or `others` for all that are not told apart. */
  readonly clientAddress?: string | undefined;
  /** When the first of them came: ISO 8601. */
  readonly since: string;
  /** How many there were, by the code that they were refused with. */
  readonly counts: Readonly<Record<string, number>>;
};

/** What the hub puts on record. */
export type AuditEvent = AnswerEvent | ChangeEvent | Refusals;

/** The first record of a chain. */
export type Genesis = {
  readonly kind: 'genesis';
  /** With which checkpoints of this chain are verified: SPKI, DER, Base64. */
  readonly publicKey: string;
};

/** The log could not be written for a while, or was not closed by its gateway: what happened then may be missing. */
export type Interruption = {
  readonly kind: 'interruption';
  /** When it began: ISO 8601. */
  readonly since: string;
  readonly reason: string;
  /** How many events were let go unrecorded; null where nobody can know. */
  readonly lost: number | null;
};

/** The gateway stopped as it should. With the checkpoint after it, it closes the log until the next start. */
export type Stop = { readonly kind: 'stop' };

/** Signs all records since the checkpoint before it. */
export type Checkpoint = {
  readonly kind: 'checkpoint';
  /** Sequence of the first and the last record that it signs. */
  readonly first: number;
  readonly last: number;
  /** Root of the Merkle tree (RFC 6962, section 2.1) over the hashes of these records, in hex. */
  readonly root: string;
  /** Ed25519, Base64, over the canonical text of this record without this member. */
  readonly signature: string;
};

/** Where a record stands in its chain. */
export type Link = {
  /** From 1, without a gap. */
  readonly sequence: number;
  /** SHA-256 of the record before it, in hex; of the first one, zeros. */
  readonly previous: string;
  /** The gateway whose chain this is. */
  readonly gateway: string;
  /** When it was noted: ISO 8601, in UTC, by the clock of the gateway. */
  readonly time: string;
};

/** All that a chain holds: what the hub puts on record, and what the log says of itself. */
export type Entry = AuditEvent | Genesis | Interruption | Stop | Checkpoint;

export type AuditRecord = Link & Entry;
export type CheckpointRecord = Link & Checkpoint;
