/** Figures of one space since the cache was created. Times are milliseconds, sizes bytes. */
export interface SpaceStats {
    readonly space: string;
    /** Reads answered fresh, by tier. */
    readonly hits: Readonly<Record<string, number>>;
    readonly misses: number;
    /** Reads answered with an expired value within its windows. */
    readonly staleServes: number;
    readonly loads: number;
    readonly loadFailures: number;
    /** Sum of the times of all successful loads. */
    readonly loadTime: number;
    /** Reads that shared a load that somebody else had started. */
    readonly coalesced: number;
    readonly sets: number;
    readonly deletes: number;
    /** Tier failures, unreadable or schema-breaking stored values. */
    readonly errors: number;
    /** What is in memory now. */
    readonly memoryEntries: number;
    readonly memoryBytes: number;
    /** Sum of the costs of loads that hits and shared loads avoided. */
    readonly avoidedCost: number;
}
/** Figures of a cache: the spaces that were used, and their totals. */
export interface CacheStats {
    readonly spaces: readonly SpaceStats[];
    readonly total: Omit<SpaceStats, 'space'>;
    /** Fresh answers per read, 0 to 1; 0 without reads. */
    readonly hitRate: number;
    readonly flights: number;
    readonly evictions: number;
    readonly expirations: number;
    readonly startedAt: number;
}
/** Counters of one space, written by the engine. */
export interface Counters {
    hits: Record<string, number>;
    misses: number;
    staleServes: number;
    loads: number;
    loadFailures: number;
    loadTime: number;
    coalesced: number;
    sets: number;
    deletes: number;
    errors: number;
    avoidedCost: number;
}
/** Counters at zero. */
export declare function createCounters(): Counters;
/** The figures of an engine's counters, spaces that were never used left out. */
export declare function readStats(engine: {
    readonly counters: ReadonlyMap<string, Counters>;
    readonly memory: {
        usage(space: string): {
            readonly entries: number;
            readonly bytes: number;
        };
        readonly evictions: number;
    };
    readonly flights: {
        readonly size: number;
    };
    readonly state: {
        readonly startedAt: number;
        readonly expirations: number;
    };
}): CacheStats;
