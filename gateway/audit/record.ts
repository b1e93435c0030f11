import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { KnownOperation } from '../request/record.ts';

/**
 * How an operation ended: answered in full; in part, because something failed; denied, because parts that the caller
 * may not see were removed; refused before it was executed; or failed.
 */
export type Decision = 'answered' | 'partial' | 'denied' | 'refused' | 'failed';

/** The caller, its address and its purpose; undefined members are unknown. */
export type Party = {
  readonly caller?: CallerOnRecord | undefined;
  /** 代表: the person or body on whose behalf the caller asks. */
  readonly represents?: string | undefined;
  /** 用途: the purpose of use. */
  readonly purpose?: string | undefined;
  readonly caseNumber?: string | undefined;
  readonly clientAddress?: string | undefined;
  readonly requestId?: string | undefined;
  /** The id of the W3C trace that the request belongs to. */
  readonly traceId?: string | undefined;
};

/** An operation that was answered, or an export. */
export type AnswerEvent = Party & {
  readonly kind: 'answer' | 'export';
  /** The operation; undefined if the request contained no valid one. */
  readonly operation?: KnownOperation | undefined;
  /** SHA-256 of the supergraph that answered. */
  readonly schema?: string | undefined;
  readonly decision: Decision;
  /** Codes of its errors, each once. */
  readonly errorCodes: readonly string[];
  /**
   * Paths of the answer that the caller may not see, without list positions: `parks.nodes.rent`. For an operation
   * that was refused as a whole, the coordinates or arguments that it was refused for.
   */
  readonly denied: readonly string[];
  /** The number of entities in the answer by type. An entity that appears many times at one path counts once. */
  readonly rows: Readonly<Record<string, number>>;
  /**
   * Ids of the enterprises whose non-public data the answer discloses; null if there are more than a record names
   * (`request/disclosed-enterprises.ts`) or they are unknown. Left out if there are none, and in records from before
   * this member existed.
   */
  readonly enterprises?: readonly string[] | null | undefined;
  /**
   * The same ids for each owner of the data; an owner sees only its own list. Left out if there are none, and in
   * records from before this member existed.
   */
  readonly enterprisesOf?: Readonly<Record<string, readonly string[] | null>> | undefined;
  readonly bytes: number;
  readonly latencyMs: number;
  /**
   * The fields that were accessed. The same operation and access policy share one list object, so that its text is
   * made only once.
   */
  readonly fields: readonly FieldAccess[];
};

/**
 * How far a change of an agency's data went: it was asked for (on record before the agency is called), made, refused;
 * `unknown` while the agency has not said what became of it, and `unmade` if it then says that it knows nothing of it.
 */
export type ChangeState = 'intended' | 'made' | 'refused' | 'unknown' | 'unmade';

/** A change of a key, an agreement or a webhook; or a change of an agency's data, whose `details.state` is a `ChangeState`. */
export type ChangeEvent = Party & {
  readonly kind: 'key' | 'agreement' | 'webhook' | 'change';
  /** The action: `create`, `rotate`, `revoke`, `approve` …; of an agency's data, the name of the mutation. */
  readonly action: string;
  /** The id of the key, the agreement, the webhook or the object; empty for an object that the change makes. */
  readonly subject: string;
  /** The new content, for people; never a secret. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
};

/** Counts of requests that admission refused in about a minute, for one network or one caller. */
export type Refusals = {
  readonly kind: 'refusals';
  readonly caller?: CallerOnRecord | undefined;
  /**
   * The network of unauthenticated callers: an address, an IPv6 /64, or `others` for all networks that are not
   * counted separately.
   */
  readonly clientAddress?: string | undefined;
  /** When the first of them came: ISO 8601. */
  readonly since: string;
  /** The number of requests by the code of the refusal. */
  readonly counts: Readonly<Record<string, number>>;
};

/** The events that the hub records. */
export type AuditEvent = AnswerEvent | ChangeEvent | Refusals;

/** The first record of a chain. */
export type Genesis = {
  readonly kind: 'genesis';
  /** The key that verifies the checkpoints of this chain: SPKI, DER, Base64. */
  readonly publicKey: string;
};

/** A gap: the log could not be written, or its gateway did not close it. Events of that time may be missing. */
export type Interruption = {
  readonly kind: 'interruption';
  /** When it began: ISO 8601. */
  readonly since: string;
  readonly reason: string;
  /** The number of events that were not recorded; null if unknown. */
  readonly lost: number | null;
};

/** The regular stop of the gateway. With the checkpoint after it, it closes the log until the next start. */
export type Stop = { readonly kind: 'stop' };

/** A checkpoint. It signs all records since the checkpoint before it. */
export type Checkpoint = {
  readonly kind: 'checkpoint';
  /** Sequence of the first and the last record that it signs. */
  readonly first: number;
  readonly last: number;
  /** Root of the Merkle tree (RFC 6962, section 2.1) over the hashes of these records, in hex. */
  readonly root: string;
  /** The Ed25519 signature, in Base64, of the canonical text of this record without this member. */
  readonly signature: string;
};

/** The place of a record in its chain. */
export type Link = {
  /** The sequence number, from 1 without a gap. */
  readonly sequence: number;
  /** SHA-256 of the previous record, in hex; zeros in the first record. */
  readonly previous: string;
  /** The gateway whose chain this is. */
  readonly gateway: string;
  /** When the event was noted: ISO 8601, in UTC, by the clock of the gateway. */
  readonly time: string;
};

/** An entry of a chain: an event of the hub, or a statement of the log about itself. */
export type Entry = AuditEvent | Genesis | Interruption | Stop | Checkpoint;

export type AuditRecord = Link & Entry;
export type CheckpointRecord = Link & Checkpoint;
