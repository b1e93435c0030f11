import { setting } from '../lib/setting.ts';
import { positiveDuration, positiveNumber } from '../lib/setting-kinds.ts';

export const settings = {
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
