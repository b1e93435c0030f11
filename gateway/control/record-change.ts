import type { Database } from '@wenshu/kit/database.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { AuditUnavailable } from '../audit/group-commit.ts';
import type { ChangeEvent, Party } from '../audit/record.ts';
import type { AgreementRow, ApiKeyRow, WebhookRow } from './tables.ts';

/** Records a change of a key, an agreement or a webhook. Rejects when it cannot be recorded. */
export type RecordChange = (change: ChangeEvent) => Promise<void>;

/** The part of a change event that does not depend on its author. */
export type Change = Pick<ChangeEvent, 'action' | 'subject' | 'details'> & {
  readonly kind: 'key' | 'agreement' | 'webhook';
};

/** Creates the recording of changes in the gateway's log, if it keeps one. */
export const recordIn =
  (audit: AuditLog | undefined): RecordChange =>
  async (change) => {
    try {
      await audit?.append(change);
    } catch (cause) {
      if (!(cause instanceof AuditUnavailable)) throw cause;
      const message =
        'Nothing was changed, because the audit log cannot record the change now. Try again later.';
      throw new HubError('AUDIT_UNAVAILABLE', message, {
        messageZh: '未作任何变更:审计日志现在无法记录此变更。请稍后再试。',
      });
    }
  };

/** Makes a change and records it in one transaction: a change that cannot be recorded is not made. */
export const changeOnRecord = <Made>(
  db: Database,
  record: RecordChange,
  party: Party,
  change: (db: Database) => Promise<Made>,
  inWords: (made: Made) => Change | readonly Change[],
): Promise<Made> =>
  db.transaction(async (tx) => {
    // Changes of keys and agreements do not use the client itself, which is all that a transaction lacks.
    const made = await change(tx as unknown as Database);
    for (const each of [inWords(made)].flat()) await record({ ...party, ...each });
    return made;
  });

export const keyChange = (action: string, row: ApiKeyRow): Change => ({
  kind: 'key',
  action,
  subject: row.id,
  details: {
    partner: row.partner,
    environment: row.environment,
    scopes: row.scopes.join(' '),
    regions: row.regions.join(' '),
    addresses: row.addresses.join(' '),
    actions: row.actions.join(' '),
    enterpriseId: row.enterpriseId,
    approvalsOf: row.approvalsOf,
    ownFields: row.ownFields.join(' '),
    consentDocument: row.consentDocument,
    expiresAt: row.expiresAt,
    rotatedFrom: row.rotatedFrom,
    revokedReason: row.revokedReason,
  },
});

/** Returns the events of a revoked key: the revocation, and the withdrawal of its approval requests. */
export const keyRevoked = (
  { apiKey, withdrawn }: { readonly apiKey: ApiKeyRow; readonly withdrawn: readonly AgreementRow[] },
  reason: string,
): readonly Change[] => [
  keyChange('revoke', apiKey),
  ...withdrawn.map((each) => agreementChange('revoke', each, reason)),
];

/** Returns the events of a new key: the key, and the requests for its approval. */
export const keyMade = ({
  apiKey,
  approvals,
}: {
  readonly apiKey: ApiKeyRow;
  readonly approvals: readonly AgreementRow[];
}): readonly Change[] => [
  keyChange('create', apiKey),
  ...approvals.map((each) => agreementChange('request', each)),
];

export const agreementChange = (action: string, row: AgreementRow, reason?: string): Change => ({
  kind: 'agreement',
  action,
  subject: row.id,
  details: {
    state: row.state,
    requester: row.requester,
    owner: row.owner,
    keyId: row.keyId,
    fields: row.fields.join(' '),
    purpose: row.purpose,
    basis: row.basis,
    regionCode: row.regionCode,
    parkId: row.parkId,
    endsOn: row.endsOn,
    dueOn: row.dueOn,
    reason: reason ?? null,
  },
});

/** The address may hold a secret of its owner in its path, so the record has the host alone. */
export const webhookChange = (action: string, row: WebhookRow): Change => ({
  kind: 'webhook',
  action,
  subject: row.id,
  details: {
    state: row.state,
    department: row.department,
    keyId: row.keyId,
    host: new URL(row.url).host,
    types: row.types?.join(' ') ?? null,
    regionCode: row.regionCode,
    mine: row.mine,
    synthetic: row.sendsSynthetic,
    ownerRegion: row.ownerRegion,
    ownerAgency: row.ownerAgency,
    oldSecretEndsAt: row.oldSecretEndsAt,
  },
});
