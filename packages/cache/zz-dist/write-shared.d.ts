import type { Cluster } from './cluster.ts';
import type { Ttl } from './duration.ts';
import { type Engine } from './engine.ts';
import type { Target } from './revive.ts';
import { type Store } from './store.ts';
/** Stores values under leases of their own and tells the log. @throws E_TIER_WRITE */
export declare function writeShared(engine: Engine, cluster: Cluster, stores: readonly Store[]): Promise<void>;
/** Gives a fresh entry a new life: read under the lease, so that what was invalidated meanwhile cannot come back. */
export declare function touchShared(engine: Engine, cluster: Cluster, { target, ttl }: {
    target: Target;
    ttl: Ttl | undefined;
}): Promise<boolean>;
