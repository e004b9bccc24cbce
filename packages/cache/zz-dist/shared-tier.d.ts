import type { Catalog } from './catalog.ts';
import type { Shared } from './shared.ts';
import type { Tier } from './tier.ts';
/** A shared store as maintenance sees it: listings, figures and removals, outside the reads and writes of the protocol. */
export declare function sharedTier(shared: Shared, catalog: Catalog): Tier;
