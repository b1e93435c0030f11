import { type Kind, setting } from '../lib/setting.ts';
import { duration, listOf, positiveDuration, positiveNumber, size } from '../lib/setting-kinds.ts';
import { isNetwork } from './client-address.ts';

const networks: Kind<readonly string[]> = {
  parse: (text) => (listOf(text).every(isNetwork) ? listOf(text) : undefined),
  rule: (text) =>
    `must be networks like 10.0.0.0/8,192.0.2.7, not "${listOf(text).find((each) => !isNetwork(each))}"`,
};

const origins: Kind<readonly string[]> = {
  parse: (text) => (listOf(text).every(isOrigin) ? listOf(text) : undefined),
  rule: (text) =>
    `must be origins like https://app.example.cn,http://localhost:5173, not "${listOf(text).find((each) => !isOrigin(each))}"`,
};

/** Returns whether a text is scheme, host and port of a page, as browsers send them: without a path, not even `/`. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

export const settings = {
  corsOrigins: setting(
    'CORS_ORIGINS',
    'Origins, separated by commas, whose pages may ask this gateway from a browser. Without it, no page of another origin may.',
    origins,
    '',
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    'The networks of proxies, as CIDR separated by commas. Only their X-Forwarded-For is trusted.',
    networks,
    '',
  ),
  maxBodyBytes: setting(
    'MAX_BODY',
    'The maximum size of a request body. The gateway does not read larger bodies and answers 413.',
    size,
    '256KiB',
  ),
  receiveTimeoutMs: setting(
    'RECEIVE_TIMEOUT',
    'The time in which a request must arrive completely. After it, the gateway answers 408.',
    positiveDuration,
    '15s',
  ),
  connectionsPerAddress: setting(
    'CONNECTIONS_PER_ADDRESS',
    'The maximum number of open connections of one address. More get 429. Connections from TRUSTED_PROXIES do not count.',
    positiveNumber,
    '256',
  ),
  writeIdleMs: setting(
    'WRITE_IDLE',
    'The time in which a client must read something of its answer. After it, the gateway closes the connection.',
    positiveDuration,
    '30s',
  ),
  stop: {
    noticeMs: setting(
      'STOP_NOTICE',
      'The time for which a gateway that stops still accepts connections, while /readyz already reports the stop.',
      duration,
      '0s',
    ),
    graceMs: setting(
      'STOP_GRACE',
      'The time for which a gateway then waits for running requests and other work. After it, they are cut off.',
      duration,
      '10s',
    ),
  },
};
