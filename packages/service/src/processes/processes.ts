// Which process has applied the cache's log of invalidations how far, and what it counted. Each says so itself, in the
// database: a process that has lost Redis can still tell that it is behind. A place in the log is at most a second old and
// never ahead of the truth; figures are at most five seconds old.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { DataOf, Routes } from '@reprise/api'
import { type Cache, type Clock, type LogStanding, type Timer, systemClock } from '@reprise/cache'
import type { Database } from '@reprise/database'
import * as statements from './statements.ts'

/** A process and how far it is. */
export interface ProcessStanding extends Pick<LogStanding, 'process' | 'position'> {
  /** Whether it is the one that answers. */
  readonly own: boolean
  readonly seenAt: Date
  /** Milliseconds since it was last heard. */
  readonly quiet: number
  /** Undefined for one of a version that does not tell. */
  readonly figures: ProcessFigures | undefined
}

/** What a process counted since it started; times are seconds. */
export type ProcessFigures = NonNullable<DataOf<Routes['processList']>['processes'][number]['figures']>

/** Milliseconds without a word after which a process is taken for dead, or for cut off. */
export const silence = 15_000

/** The processes that share the cache. */
export interface Processes {
  /** Begins to say how far this process is; where it shares the log with nobody there is nothing to say. */
  start(): void
  /** This process first, then the others that were heard in the last five minutes, at most 200. */
  list(): Promise<readonly ProcessStanding[]>
  /** Takes this process from the list. */
  close(): Promise<void>
}

/** Milliseconds between looks at the position, and after which it is said again although it is the same. */
const lookEvery = 1_000
const sayAgain = 5_000

interface Row {
  readonly process: string
  readonly log_era: string
  readonly log_n: number
  readonly seen_at: Date
  readonly quiet: number
  readonly figures: ProcessFigures | null
}

/** Opens the list of processes; the database has the migrations of the service. */
export function openProcesses(options: {
  readonly cache: Cache
  readonly database: Database
  /** @default the machine's clock */
  readonly clock?: Clock | undefined
  /** Hears of the first of several failures to say how far this process is; it is tried again. */
  readonly onError: (error: unknown) => void
}): Processes {
  const { cache, database, clock = systemClock, onError } = options
  const instance = randomUUID()
  let timer: Timer | undefined
  let saying: Promise<void> | undefined
  let said: { readonly position: LogStanding['position']; readonly at: number } | undefined
  let failing = false
  let closed = false

  async function say(): Promise<void> {
    const { process, position } = cache.standing()
    const now = clock.monotonic?.() ?? clock.now()
    if (said?.position === position && now - said.at < sayAgain) return
    try {
      await database.query(statements.say, [
        instance,
        process,
        position.era,
        position.n,
        JSON.stringify(figuresOf(cache)),
      ])
      said = { position, at: now }
      failing = false
    } catch (error) {
      if (!failing) onError(error)
      failing = true
    }
  }

  function look(): void {
    saying = say().finally(() => {
      if (!closed) timer = clock.setTimeout(look, lookEvery, { background: true })
    })
  }

  return {
    start() {
      if (cache.standing().shared) look()
    },
    async list() {
      const { process, shared, position } = cache.standing()
      const name = process === '' ? `${hostname()}:${globalThis.process.pid}` : process
      const seenAt = new Date(clock.now())
      const own = { process: name, position, own: true, seenAt, quiet: 0, figures: figuresOf(cache) }
      if (!shared) return [own]
      const { rows } = await database.query<Row>(statements.others, [instance])
      const others = rows.map(({ process: other, log_era: era, log_n: n, quiet, ...row }) => ({
        process: other,
        position: { era, n },
        own: false,
        seenAt: row.seen_at,
        quiet,
        figures: row.figures ?? undefined,
      }))
      return [own, ...others]
    },
    async close() {
      closed = true
      timer?.cancel()
      await saying
      if (said !== undefined) await database.query(statements.leave, [instance]).catch(() => undefined)
    },
  }
}

function figuresOf(cache: Cache): ProcessFigures {
  const { hits, misses, loads, coalesced, loadTime } = cache.stats().total
  const fresh = Object.values(hits).reduce((sum, count) => sum + count, 0)
  return { hits: fresh, misses, loads, coalesced, load_seconds: loadTime / 1_000 }
}
