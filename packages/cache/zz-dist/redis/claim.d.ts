import type { RedisClient } from './client.ts';
import type { CatalogKeys } from './keys.ts';
import type { RedisSettings } from './settings.ts';
/** Takes the prefix for what the descriptor tells, or finds it taken for the same. @throws E_CATALOG_INVALID when it is another's */
export declare function claim(client: RedisClient, names: CatalogKeys, settings: RedisSettings): Promise<void>;
/** Warns of a server that may throw away marks and the log when memory is short. */
export declare function warnOfEviction(client: RedisClient, settings: RedisSettings): Promise<void>;
