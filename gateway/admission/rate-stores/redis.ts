import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { countBy, counting } from './limiter.ts';
import type { RateStore } from './store.ts';

const connectTimeoutMs = 2_000;
const reconnectEveryMs = 500;

/** Counts in Redis or Valkey. Commands never wait for a connection: one that cannot be sent at once fails. */
export async function openRedisStore(url: string): Promise<RateStore> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectTimeoutMs,
    retryStrategy: () => reconnectEveryMs,
  });
  // The caller of each command gets the error.
  redis.on('error', () => {});
  await redis.connect().catch(() => {});
  return {
    add: countBy((window) => new RateLimiterRedis({ ...counting(window), storeClient: redis })),
    close: async () => redis.disconnect(),
  };
}
