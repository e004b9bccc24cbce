import type { Shared } from '../shared.ts';
import type { RedisClient } from './client.ts';
import type { Heads } from './head.ts';
import type { CatalogKeys } from './keys.ts';
import type { RedisSettings } from './settings.ts';
/** Follows the log on a connection of its own, since waiting there would hold up everything behind it. */
export interface Follower extends Pick<Shared, 'next'> {
    close(): void;
}
/** What a follower needs of the store around it. */
export interface FollowerContext {
    readonly settings: RedisSettings;
    readonly heads: Heads;
    readonly names: CatalogKeys;
    /** A client to make this one's connection from. */
    readonly client: () => RedisClient;
    readonly onError: (error: unknown) => void;
}
/** A follower that connects at its first call. */
export declare function makeFollower(context: FollowerContext): Follower;
