import type { Shared } from '../shared.ts';
import type { Call } from './call.ts';
import type { RedisSettings } from './settings.ts';
/** Walks over the keys under a prefix, on every master. A walk during a resharding may miss or repeat keys. */
export declare function makeLists(call: Call, settings: RedisSettings): Pick<Shared, 'list' | 'usage'>;
