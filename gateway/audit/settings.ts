import { type Kind, setting } from '../lib/setting.ts';
import { onOrOff, path, positiveNumber, size } from '../lib/setting-kinds.ts';

/** The id of a gateway, which is also the name of a folder. */
const gatewayId: Kind<string> = {
  parse: (text) => (/^\w[\w.-]{0,63}$/.test(text) ? text : undefined),
  rule: (text) => `must be letters, digits, dots and dashes, not "${text}"`,
};

export const settings = {
  isOn: setting(
    'AUDIT',
    'Whether answers are put on record: 1 or 0 (default: 1 where callers must say who they are).',
    onOrOff,
  ),
  /** The folder holds the chains of all gateways, each in a subfolder named by its id. */
  folder: setting('AUDIT_FOLDER', 'Folder of the audit log (default: audit in WENSHU_DATA).', path),
  keyFile: setting(
    'AUDIT_KEY',
    'File of the Ed25519 key that signs it (default: audit-key.pem in WENSHU_DATA, made when needed).',
    path,
  ),
  checkpointEvery: setting(
    'AUDIT_CHECKPOINT_EVERY',
    'Number of records after which a checkpoint signs them; after a minute at the latest.',
    positiveNumber,
    '1000',
  ),
  warnBelowBytes: setting(
    'AUDIT_WARN_BELOW',
    'Free space for the audit log below which the hub warns and no longer records unauthenticated callers.',
    size,
    '1GiB',
  ),
  gatewayId: setting(
    'GATEWAY_ID',
    'Name of the gateway in the audit log (default: its machine and port).',
    gatewayId,
  ),
};
