import { type Kind, setting } from '../lib/setting.ts';
import { duration, listOf, positiveDuration, positiveNumber, size } from '../lib/setting-kinds.ts';
import { isNetwork } from './client-address.ts';

const networks: Kind<readonly string[]> = {
  parse: (text) => (listOf(text).every(isNetwork) ? listOf(text) : undefined),
  rule: (text) =>
    `must be networks like 10.0.0.0/8,192.0.2.7, not "${listOf(text).find((each) => !isNetwork(each))}"`,
};

export const settings = {
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    'Networks of the proxies whose X-Forwarded-For is trusted, as CIDR separated by commas.',
    networks,
    '',
  ),
  maxBodyBytes: setting('MAX_BODY', 'Size of a request above which it is not read.', size, '256KiB'),
  connectionsPerAddress: setting(
    'CONNECTIONS_PER_ADDRESS',
    'Number of connections that an address may have open; TRUSTED_PROXIES are not counted.',
    positiveNumber,
    '256',
  ),
  writeIdleMs: setting(
    'WRITE_IDLE',
    'How long a client may read nothing of its answer before it is cut off.',
    positiveDuration,
    '30s',
  ),
  stop: {
    noticeMs: setting(
      'STOP_NOTICE',
      'How long a gateway that stops, and reports so at /readyz, still accepts connections.',
      duration,
      '0s',
    ),
    graceMs: setting(
      'STOP_GRACE',
      'How long running requests and all other work may take to end after that.',
      duration,
      '10s',
    ),
  },
};
