export type { BreakerState } from './breaker.ts';
export type { RedisArgument, RedisClient, RedisListener } from './client.ts';
export { type RedisAddress, type RedisAddresses, redisOptionsFromEnv } from './connect.ts';
export { type RedisShared, redisShared } from './redis-shared.ts';
export type { RedisSharedOptions } from './settings.ts';
