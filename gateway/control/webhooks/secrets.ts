import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { momentOf } from '../moment.ts';
import type { Peppers } from '../peppers.ts';
import { sealWith } from '../sealed-cursor.ts';
import type { WebhookRow } from '../tables.ts';

type Stored = Pick<WebhookRow, 'id' | 'secret' | 'oldSecret' | 'oldSecretEndsAt'>;

/** Makes, stores and uses the secrets that sign webhooks. */
export type WebhookSecrets = {
  make(): string;
  /** Returns the form in which the secret of a webhook is stored. */
  seal(id: string, secret: string): string;
  /** Returns the secret of a webhook in the form of the newest pepper; undefined if it cannot be read. */
  reseal(id: string, sealed: string): string | undefined;
  /** Signs a message with each secret that is valid now. Undefined if the secret cannot be read. */
  sign(webhook: Stored, messageId: string, body: string): Readonly<Record<string, string>> | undefined;
};

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric-secret-keys */
const prefix = 'whsec_';
const secretBytes = 32;

/**
 * Creates the use of secrets. Unlike keys they are needed in full to sign, so they are stored encrypted: a copy of the
 * database does not show them without the pepper. What is sealed names its webhook, so that it is of no use in another row.
 */
export function createWebhookSecrets(peppers: Pick<Peppers, 'secretsFor'>): WebhookSecrets {
  const [newest, ...older] = peppers.secretsFor('secrets of webhooks').map(sealWith);
  if (!newest) throw new Error('There is no pepper.');
  const openBy = (seal: typeof newest, id: string, sealed: string): string | undefined => {
    const opened = seal.open(sealed) as { readonly id: string; readonly secret: string } | undefined;
    return opened?.id === id ? opened.secret : undefined;
  };
  const open = (id: string, sealed: string) =>
    [newest, ...older].reduce<string | undefined>(
      (found, seal) => found ?? openBy(seal, id, sealed),
      undefined,
    );
  const seal = (id: string, secret: string) => newest.seal({ id, secret });
  return {
    make: () => prefix + randomBytes(secretBytes).toString('base64'),
    seal,
    reseal(id, sealed) {
      if (openBy(newest, id, sealed) !== undefined) return sealed;
      const secret = open(id, sealed);
      return secret === undefined ? undefined : seal(id, secret);
    },
    sign({ id, secret, oldSecret, oldSecretEndsAt }, messageId, body) {
      const current = open(id, secret);
      if (current === undefined) return undefined;
      const at = new Date();
      const isOldValid = oldSecret && oldSecretEndsAt && momentOf(oldSecretEndsAt) > at.getTime();
      const old = isOldValid ? open(id, oldSecret) : undefined;
      const secrets = old === undefined ? [current] : [current, old];
      return {
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': secrets.map((each) => new Webhook(each).sign(messageId, at, body)).join(' '),
      };
    },
  };
}
