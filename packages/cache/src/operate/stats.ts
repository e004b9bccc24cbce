import type { Latencies, Latency } from './latency.ts'

/** Figures of one space since the cache was created. Times are milliseconds, sizes bytes. */
export interface SpaceStats {
  readonly space: string
  /** Reads answered fresh, by tier. */
  readonly hits: Readonly<Record<string, number>>
  readonly misses: number
  /** Reads answered with an expired value within its windows. */
  readonly staleServes: number
  readonly loads: number
  readonly loadFailures: number
  /** Sum of the times of all successful loads. */
  readonly loadTime: number
  /** Reads that shared a load that somebody else had started. */
  readonly coalesced: number
  readonly sets: number
  readonly deletes: number
  /** Tier failures, unreadable or schema-breaking stored values. */
  readonly errors: number
  /** What is in memory now. */
  readonly memoryEntries: number
  readonly memoryBytes: number
  /** Sum of the costs of loads that hits and shared loads avoided. */
  readonly avoidedCost: number
}

/** Figures of a cache: the spaces that were used, and their totals. */
export interface CacheStats {
  readonly spaces: readonly SpaceStats[]
  readonly total: Omit<SpaceStats, 'space'>
  /** Fresh answers per read, 0 to 1; 0 without reads. */
  readonly hitRate: number
  readonly flights: number
  readonly evictions: number
  readonly expirations: number
  readonly startedAt: number
  /** How long reads and writes of each tier below memory took; those of maintenance are left out. */
  readonly tierLatencies: readonly {
    readonly tier: string
    readonly reads: Latency
    readonly writes: Latency
  }[]
  /** How long the successful loads of each space took; spaces without any left out. */
  readonly loadLatencies: ReadonlyMap<string, Latency>
  /** How this process follows the log of a shared store. */
  readonly log?: {
    /** Records that the last head was ahead of this process. */
    readonly lag: number
    /** Milliseconds since everything in the log was known to be applied. */
    readonly confirmedFor: number
  }
}

/** Counters of one space, written by the engine. */
export interface Counters {
  hits: Record<string, number>
  misses: number
  staleServes: number
  loads: number
  loadFailures: number
  loadTime: number
  coalesced: number
  sets: number
  deletes: number
  errors: number
  avoidedCost: number
}

/** Counters at zero. */
export function createCounters(): Counters {
  return {
    hits: {},
    misses: 0,
    staleServes: 0,
    loads: 0,
    loadFailures: 0,
    loadTime: 0,
    coalesced: 0,
    sets: 0,
    deletes: 0,
    errors: 0,
    avoidedCost: 0,
  }
}

/** The figures of an engine's counters, spaces that were never used left out. */
export function readStats(engine: {
  readonly counters: ReadonlyMap<string, Counters>
  readonly latencies: Pick<Latencies, 'tiers' | 'loads'>
  readonly memory: {
    usage(space: string): { readonly entries: number; readonly bytes: number }
    readonly evictions: number
  }
  readonly flights: { readonly size: number }
  readonly state: { readonly startedAt: number; readonly expirations: number }
  readonly cluster: { readonly follower: { lag(): number; confirmedFor(): number } } | undefined
}): CacheStats {
  const spaces: SpaceStats[] = []
  const total = { ...createCounters(), memoryEntries: 0, memoryBytes: 0 }
  for (const [space, counters] of engine.counters) {
    const usage = engine.memory.usage(space)
    const figures = {
      ...counters,
      hits: { ...counters.hits },
      memoryEntries: usage.entries,
      memoryBytes: usage.bytes,
    }
    if (
      usage.entries === 0 &&
      Object.entries(counters).every(([name, value]) => name === 'hits' || value === 0) &&
      Object.keys(counters.hits).length === 0
    )
      continue
    spaces.push({ space, ...figures })
    for (const name of Object.keys(total) as (keyof typeof total)[]) {
      if (name !== 'hits') total[name] += figures[name]
    }
    for (const [tier, count] of Object.entries(counters.hits))
      total.hits[tier] = (total.hits[tier] ?? 0) + count
  }
  const hits = Object.values(total.hits).reduce((sum, count) => sum + count, 0)
  const reads = hits + total.misses + total.staleServes
  return {
    spaces,
    total,
    hitRate: reads === 0 ? 0 : hits / reads,
    flights: engine.flights.size,
    evictions: engine.memory.evictions,
    expirations: engine.state.expirations,
    startedAt: engine.state.startedAt,
    tierLatencies: [...engine.latencies.tiers].map(([tier, counters]) => ({
      tier,
      reads: counters.reads.read(),
      writes: counters.writes.read(),
    })),
    loadLatencies: new Map(
      [...engine.latencies.loads]
        .map(([space, counter]) => [space, counter.read()] as const)
        .filter(([, { count }]) => count > 0),
    ),
    ...(engine.cluster === undefined
      ? {}
      : {
          log: { lag: engine.cluster.follower.lag(), confirmedFor: engine.cluster.follower.confirmedFor() },
        }),
  }
}
