import type { Shared } from '../shared.ts';
import { type Breaker } from './breaker.ts';
import { type RedisSharedOptions } from './settings.ts';
/** A shared store in Redis or Valkey. */
export interface RedisShared extends Shared {
    /** Whether calls go out. */
    readonly breaker: Pick<Breaker, 'state' | 'retryAfter'>;
}
/**
 * The shared store of a catalog in Redis 7 or Valkey: one server, Sentinels or a Cluster. Whatever one script
 * touches shares a slot; nothing waits in a queue for a server that is away; a call that was given up and happens
 * anyway does no harm. `open()` may be called again after it has failed.
 * @throws E_OPTION_INVALID
 */
export declare function redisShared(options: RedisSharedOptions): RedisShared;
