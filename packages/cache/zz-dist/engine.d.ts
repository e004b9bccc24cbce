import type { BoundSpace, Catalog } from './catalog.ts';
import type { Clock, Random } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import type { Failures } from './failures.ts';
import type { Flight } from './flight.ts';
import type { Lanes } from './lanes.ts';
import type { InvalidationLog } from './log.ts';
import type { Memory, MemoryRecord } from './memory.ts';
import { type Order } from './order.ts';
import type { Counters } from './stats.ts';
import type { AnyParams } from './template.ts';
import type { Tier } from './tier.ts';
import type { Tickets } from './ticket.ts';
/** Everything that reads, loads, writes and invalidations share. Made once, in `create-engine.ts`. */
export interface Engine {
    readonly catalog: Catalog;
    readonly clock: Clock;
    readonly random: Random;
    readonly memory: Memory;
    readonly tiers: readonly Tier[];
    readonly collectors: ReadonlyMap<Tier, Collector>;
    /** The log of one process; with a `cluster` the log is the shared store's. */
    readonly log: InvalidationLog;
    /** What is there when processes share a store. */
    cluster: Cluster | undefined;
    readonly order: Order;
    readonly tickets: Tickets;
    readonly lanes: Lanes;
    /** Milliseconds after which a write or a removal that no tier has confirmed rejects. */
    readonly writeDeadline: number;
    readonly flights: Map<string, Flight>;
    readonly failures: Failures;
    readonly counters: ReadonlyMap<string, Counters>;
    /** Runs work that nobody waits for; `close` does. Its failure is swallowed, so it tells its own. */
    background(work: Promise<unknown>): void;
    readonly state: {
        closed: boolean;
        readonly startedAt: number;
        expirations: number;
    };
}
/** @throws E_CACHE_CLOSED */
export declare function assertOpen(engine: Engine): void;
/** The counters of a space. */
export declare function countersOf(engine: Engine, space: BoundSpace): Counters;
/** The marks that can kill an entry, given its tags: its space, its tenant, its tags. */
export declare function marksOf(space: BoundSpace, params: AnyParams, tags: readonly string[]): readonly string[];
/** Stored tags and those that the space computes today, so that a deploy that changes the function misses nothing. */
export declare function allTags(space: BoundSpace, params: AnyParams, more: readonly string[]): readonly string[];
/** Whether something can be a tag. */
export declare function isTag(tag: unknown): tag is string;
/** @throws E_TAG_INVALID quoting the tag */
export declare function checkTags(tags: readonly string[]): readonly string[];
/** Whether a record in memory lives: compares its marks only when the log has moved since the last time. */
export declare function lives(engine: Engine, record: MemoryRecord): boolean;
/** Puts an entry in memory, replacing what is there. */
export declare function remember(engine: Engine, space: BoundSpace, item: {
    readonly key: string;
    readonly entry: Entry;
    readonly marks: readonly string[];
}): void;
/** What stored times are ahead of this process, in milliseconds. */
export declare function offsetOf(engine: Engine): number;
