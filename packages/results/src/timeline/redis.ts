import type { RedisClient } from '@reprise/cache/redis'

/** What is needed of a client of Redis: an ioredis `Redis` or `Cluster` is one. */
export type TimelineRedis = Pick<RedisClient, 'status' | 'callBuffer'>
