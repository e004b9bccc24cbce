/**
 * The follower keeps this process level with the log of its catalog. It applies records strictly in their order:
 * only it moves the cursor, and only from n to n + 1 in one era. Whoever reads the shared store brings along the
 * head of the log; when that is ahead of the cursor, the missing records are fetched and applied before what was
 * read is judged. When records are missing for good, or the era has changed, everything in memory is distrusted.
 * It does not promise that a lost connection is noticed at once: `confirmedFor` tells how long ago it was certain.
 */
import type { Clock } from './clock.ts';
import type { Position } from './entry.ts';
import type { Order } from './order.ts';
import type { LogRecord, Shared, SharedHead } from './shared.ts';
/** What the follower does to the rest of the engine. */
export interface FollowerEffects {
    /** Applies one record to memory, flights and marks. */
    apply(record: LogRecord, era: string): void;
    /** Drops memory and cuts off everything under way: nothing of it can be trusted any more. */
    distrust(): void;
    /** Told about each failure to reach the log. */
    failed(error: unknown): void;
}
/** Keeps a process level with its log. */
export interface Follower {
    /** Resolves when every record up to this head has been applied, or everything older was dropped. @throws E_TIER_READ */
    reach(head: SharedHead): Promise<void>;
    /**
     * Says that a record of this very process is being applied, so that meeting it in the log changes nothing. In
     * another era than this process knows, everything older is dropped first. @throws E_TIER_READ
     */
    own(position: Position): Promise<void>;
    /** Milliseconds since the log was last known to be fully applied; Infinity before that. */
    confirmedFor(): number;
    /** Records that the last head was ahead of the cursor. */
    lag(): number;
    stop(): Promise<void>;
}
/** Starts to follow from where the order stands. */
export declare function startFollower(options: {
    readonly shared: Shared;
    readonly order: Order;
    readonly clock: Clock;
    readonly effects: FollowerEffects;
}): Follower;
