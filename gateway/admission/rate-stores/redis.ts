import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { countBy, counting } from './limiter.ts';
import type { RateStore } from './store.ts';

const connectTimeoutMs = 2_000;
const reconnectEveryMs = 500;

/** Counts in Redis or Valkey. Nothing waits for a connection: what cannot be sent at once is refused. */
export async function openRedisStore(url: string): Promise<RateStore> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectTimeoutMs,
    retryStrategy: () => reconnectEveryMs,
  });
  // Whoever counts is told of it.
  redis.on('error', () => {});
  await redis.connect().catch(() => {});
  return {
    add: countBy((window) => new RateLimiterRedis({ ...counting(window), storeClient: redis })),
    close: async () => redis.disconnect(),
  };
}
