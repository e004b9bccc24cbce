import {
  type Cache,
  type CacheStats,
  type Clock,
  type Latency,
  type SpaceStats,
  type Timer,
  latencyOfAll,
  latencySince,
  noLatency,
} from '@reprise/cache'

/** What was counted in a span of time. */
export interface Counted {
  readonly hits: number
  readonly misses: number
  readonly staleServes: number
  readonly loads: number
  readonly loadFailures: number
  readonly errors: number
  /** Of the loads that succeeded. */
  readonly loadTimes: Latency
}

/** A span of time, and what the cache did in it. */
export interface HistoryRow extends Counted {
  /** Milliseconds since 1970. */
  readonly from: number
  /** Milliseconds. */
  readonly length: number
  readonly tiers: CacheStats['tierLatencies']
}

/** The last hour of a cache as this process saw it. */
export interface History {
  /**
   * The spans that began at `since` or later, the oldest first, of all spaces or of one. The last is not over; it is
   * there once it is a second long, since a rate over less says nothing.
   */
  rows(of?: {
    readonly space?: string | undefined
    readonly since?: number | undefined
  }): readonly HistoryRow[]
  start(): void
  stop(): void
}

/** When and how a history looks. */
export interface HistoryOptions {
  readonly clock: Clock
  /** Milliseconds of a span. @default 10 seconds */
  readonly every?: number
  /** Spans that are kept. @default 360 */
  readonly keep?: number
}

/** Figures at an instant, counted since the cache was created. */
interface Standing {
  readonly at: number
  readonly total: Counted
  readonly spaces: ReadonlyMap<string, Counted>
  readonly tiers: CacheStats['tierLatencies']
}

/** A span. Spaces that did nothing in it are left out, so that many idle ones take no room. */
interface Span extends Omit<Standing, 'at'> {
  readonly from: number
  readonly length: number
}

const nothing: Counted = {
  hits: 0,
  misses: 0,
  staleServes: 0,
  loads: 0,
  loadFailures: 0,
  errors: 0,
  loadTimes: noLatency,
}

/** Keeps the last hour of a cache in the memory of this process: at most `keep` spans, one of every `every` milliseconds. */
export function createHistory(cache: Cache, options: HistoryOptions): History {
  const { clock, every = 10_000, keep = 360 } = options
  const spans: Span[] = []
  let before = standingOf(cache.stats(), clock.now())
  let timer: Timer | undefined

  const end = (): void => {
    const now = standingOf(cache.stats(), clock.now())
    spans.push(spanBetween(before, now))
    if (spans.length > keep) spans.shift()
    before = now
    plan()
  }
  const plan = (): void => {
    timer = clock.setTimeout(end, every, { background: true })
  }

  return {
    rows({ space, since = -Infinity } = {}) {
      const current = spanBetween(before, standingOf(cache.stats(), clock.now()))
      const all = current.length < 1_000 ? spans : [...spans, current]
      return all
        .filter(({ from }) => from >= since)
        .map(({ from, length, total, spaces, tiers }) => {
          const counted = space === undefined ? total : (spaces.get(space) ?? nothing)
          return { from, length, ...counted, tiers }
        })
    },
    start: plan,
    stop: () => timer?.cancel(),
  }
}

function standingOf({ total, spaces, loadLatencies, tierLatencies }: CacheStats, at: number): Standing {
  return {
    at,
    total: countedOf(total, latencyOfAll([...loadLatencies.values()])),
    spaces: new Map(
      spaces.map((stats) => [stats.space, countedOf(stats, loadLatencies.get(stats.space) ?? noLatency)]),
    ),
    tiers: tierLatencies,
  }
}

function countedOf({ hits, ...stats }: Omit<SpaceStats, 'space'>, loadTimes: Latency): Counted {
  const { misses, staleServes, loads, loadFailures, errors } = stats
  const all = Object.values(hits).reduce((sum, some) => sum + some, 0)
  return { hits: all, misses, staleServes, loads, loadFailures, errors, loadTimes }
}

function spanBetween(before: Standing, now: Standing): Span {
  const spaces = new Map<string, Counted>()
  for (const [space, counted] of now.spaces) {
    const { loadTimes, ...counts } = differenceOf(before.spaces.get(space) ?? nothing, counted)
    if (loadTimes.count > 0 || Object.values(counts).some((value) => value !== 0))
      spaces.set(space, { ...counts, loadTimes })
  }
  const tiers = now.tiers.map(({ tier, reads, writes }, place) => ({
    tier,
    reads: latencySince(before.tiers[place]?.reads ?? noLatency, reads),
    writes: latencySince(before.tiers[place]?.writes ?? noLatency, writes),
  }))
  // A clock that was set back makes no span of a negative length.
  const length = Math.max(0, now.at - before.at)
  return { from: before.at, length, total: differenceOf(before.total, now.total), spaces, tiers }
}

function differenceOf(before: Counted, now: Counted): Counted {
  return {
    hits: now.hits - before.hits,
    misses: now.misses - before.misses,
    staleServes: now.staleServes - before.staleServes,
    loads: now.loads - before.loads,
    loadFailures: now.loadFailures - before.loadFailures,
    errors: now.errors - before.errors,
    loadTimes:
      now.loadTimes.count === before.loadTimes.count
        ? noLatency
        : latencySince(before.loadTimes, now.loadTimes),
  }
}
