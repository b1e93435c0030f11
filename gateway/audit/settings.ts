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
    'Turns the audit log on (1) or off (0). Without it, the log is on if callers must identify themselves.',
    onOrOff,
  ),
  /** The folder holds the chains of all gateways, each in a subfolder named by its id. */
  folder: setting('AUDIT_FOLDER', 'The folder of the audit log (default: audit in WENSHU_DATA).', path),
  keyFile: setting(
    'AUDIT_KEY',
    'The file of the Ed25519 key that signs the audit log (default: audit-key.pem in WENSHU_DATA, which the hub creates outside production).',
    path,
  ),
  checkpointEvery: setting(
    'AUDIT_CHECKPOINT_EVERY',
    'The number of records after which a checkpoint signs them. A checkpoint also follows at the latest one minute after a record.',
    positiveNumber,
    '1000',
  ),
  warnBelowBytes: setting(
    'AUDIT_WARN_BELOW',
    'The free disk space of the audit log below which the hub logs a warning and no longer records callers without authentication.',
    size,
    '1GiB',
  ),
  gatewayId: setting(
    'GATEWAY_ID',
    'The name of the gateway in the audit log (default: its machine and port).',
    gatewayId,
  ),
};
