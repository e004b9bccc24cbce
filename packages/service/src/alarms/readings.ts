import { totalmem } from 'node:os'
import type { Cache } from '@reprise/cache'
import type { AlarmRuleName } from './rules.ts'

/** What one process sees. Counts are those since its last reading, times seconds. */
export interface Reading {
  readonly reads: number
  readonly hits: number
  readonly loads: number
  readonly loadFailures: number
  readonly lag?: number
  readonly memory: number
  readonly stuck?: number
  readonly queueAge?: number
  /** 1 for a tier that cannot be reached. */
  readonly tiers: Readonly<Record<string, number>>
}

/** Where a process looks. */
export interface ReadingSources {
  readonly cache: Cache
  readonly now: () => number
  readonly stuckResults?: (() => Promise<number>) | undefined
  /** Seconds that the oldest task has waited. */
  readonly queueAge?: (() => Promise<number | undefined>) | undefined
}

/** The value of a rule for each subject; a subject without one has no figure at present. */
export type Figures = ReadonlyMap<AlarmRuleName, ReadonlyMap<string, number>>

/** Asking tiers may count what they hold: not more often than this, in milliseconds. */
const askTiersEvery = 60_000
/** Longest wait for one figure, in milliseconds. */
const patience = 5_000

/** Readings of this process, each since the one before. */
export function createReader({ cache, now, stuckResults, queueAge }: ReadingSources): () => Promise<Reading> {
  let before = { reads: 0, hits: 0, loads: 0, loadFailures: 0 }
  let tiers: Record<string, number> = {}
  let askedAt = -Infinity

  return async () => {
    const { total, log } = cache.stats()
    const hits = Object.values(total.hits).reduce((sum, count) => sum + count, 0)
    const reads = hits + total.misses + total.staleServes
    const { loads, loadFailures } = total
    const since = before
    before = { reads, hits, loads, loadFailures }
    if (now() - askedAt >= askTiersEvery) {
      askedAt = now()
      const reports = await soon(cache.tiers())
      if (reports !== undefined) {
        tiers = Object.fromEntries(reports.map(({ name, reachable }) => [name, reachable ? 0 : 1]))
      }
    }
    const [stuck, age] = await Promise.all([soon(stuckResults?.()), soon(queueAge?.())])
    return {
      reads: reads - since.reads,
      hits: hits - since.hits,
      loads: loads - since.loads,
      loadFailures: loadFailures - since.loadFailures,
      memory: process.memoryUsage.rss() / memoryBound(),
      tiers,
      ...(log === undefined ? {} : { lag: log.confirmedFor / 1_000 }),
      ...(stuck === undefined ? {} : { stuck }),
      ...(age === undefined ? {} : { queueAge: age }),
    }
  }
}

/** What this process may have, in bytes. A container without a limit tells 0 or far more than the machine has. */
function memoryBound(): number {
  return Math.min(process.constrainedMemory() || Infinity, totalmem())
}

/** What is asked, if it answers soon; a figure that cannot be read is none. */
async function soon<T>(asked: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience)
  })
  try {
    return await Promise.race([asked, late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** The figures of all processes together: counts summed, of everything else the worst. */
export function mergeReadings(readings: readonly Reading[]): Figures {
  const sum = (read: (reading: Reading) => number): number =>
    readings.reduce((total, reading) => total + read(reading), 0)
  const worst = (read: (reading: Reading) => number | undefined): ReadonlyMap<string, number> => {
    const values = readings.map(read).filter((value) => value !== undefined)
    return new Map(values.length === 0 ? [] : [['', Math.max(...values)]])
  }
  const share = (part: number, whole: number, least: number): ReadonlyMap<string, number> =>
    new Map(whole < least ? [] : [['', part / whole]])
  const tiers = new Map<string, number>()
  for (const reading of readings) {
    for (const [tier, away] of Object.entries(reading.tiers))
      tiers.set(tier, Math.max(away, tiers.get(tier) ?? 0))
  }
  const reads = sum((reading) => reading.reads)
  const failures = sum(({ loadFailures }) => loadFailures)
  return new Map<AlarmRuleName, ReadonlyMap<string, number>>([
    [
      'hit_rate',
      share(
        sum(({ hits }) => hits),
        reads,
        100,
      ),
    ],
    ['load_failures', share(failures, failures + sum(({ loads }) => loads), 20)],
    ['log_lag', worst(({ lag }) => lag)],
    ['memory_share', worst(({ memory }) => memory)],
    ['stuck_results', worst(({ stuck }) => stuck)],
    ['queue_age', worst(({ queueAge }) => queueAge)],
    ['tier_unreachable', tiers],
  ])
}
