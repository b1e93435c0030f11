import { setting } from '../lib/setting.ts';
import { positiveDuration, positiveNumber, size } from '../lib/setting-kinds.ts';

export const settings = {
  subscriptionLimits: {
    all: setting(
      'MAX_SUBSCRIPTIONS',
      'The maximum number of open subscriptions of a gateway. It refuses more with 429.',
      positiveNumber,
      '20000',
    ),
    perCaller: setting(
      'SUBSCRIPTIONS_PER_CALLER',
      'The maximum number of open subscriptions of one person, or of one partner with all its keys.',
      positiveNumber,
      '1000',
    ),
    perAddress: setting(
      'SUBSCRIPTIONS_PER_ADDRESS',
      'The maximum number of open subscriptions from one network address.',
      positiveNumber,
      '2000',
    ),
    bufferBytes: setting(
      'SUBSCRIPTION_BUFFER',
      'The size of the events that may wait for a subscriber who reads slowly. Beyond it, the subscription ends with SLOW_READER.',
      size,
      '1MB',
    ),
  },
  heartbeatMs: setting(
    'STREAM_HEARTBEAT',
    'The time between two heartbeats of a stream. They come at fixed times, whether events come or not.',
    positiveDuration,
    '12s',
  ),
  startWaitMs: setting(
    'STREAM_START',
    'The time in which a client must begin: send connection_init on a WebSocket, or open the event stream that it has reserved.',
    positiveDuration,
    '10s',
  ),
  operationsPerConnection: setting(
    'OPERATIONS_PER_CONNECTION',
    'The maximum number of operations that run on one WebSocket or on one reserved event stream at a time.',
    positiveNumber,
    '100',
  ),
};
