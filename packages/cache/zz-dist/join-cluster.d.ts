import type { Cluster } from './cluster.ts';
import type { Engine } from './engine.ts';
import type { Shared } from './shared.ts';
/** Follows the log of a shared store that was joined, and listens for leases that end. */
export declare function joinCluster(engine: Engine, shared: Shared, lease: number): Promise<{
    readonly cluster: Cluster;
    stop(): Promise<void>;
}>;
