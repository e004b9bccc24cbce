// Carries configuration changes to the cache. An event is claimed by one process, which deletes the keys and tags
// through the cache: its log takes the deletion to every process. Then it looks whether they are gone, and only
// then the event is completed. With the shared store away the event goes back to pending and is tried again later,
// later each time, up to five seconds: nothing is lost, and a process that dies on the way leaves it to another.
import { type Cache, type Clock, type Random, RepriseError, type Timer, systemClock } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { eventChannel } from './event.ts'
import { showEvent } from './notices.ts'
import * as statements from './statements.ts'
import { findSurvivor } from './verify.ts'

/** What an invalidator works with. */
export interface InvalidatorOptions {
  readonly cache: Cache
  readonly database: Database
  /** @default the machine's clock */
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: Random
  /** Hears of attempts that failed; they are made again. */
  readonly onError?: (error: unknown) => void
}

/** Deletes what configuration changes have made old (row A20). */
export interface Invalidator {
  /** Works off what is due; resolves when nothing is. */
  run(): Promise<void>
  /** Listens for events of all processes, and works off what is due. */
  start(): Promise<void>
  /** Gives a failed event another try; false when there is none that failed. */
  retry(invalidationId: string): Promise<boolean>
  /** Stops; waits for the event under way. */
  close(): Promise<void>
}

interface Claimed {
  readonly id: number
  readonly invalidation_id: string
  readonly table_name: string
  readonly record_id: string
  readonly cache_keys: readonly string[]
  readonly cache_tags: readonly string[]
  readonly attempts: number
}

/** After how many attempts an event that the cache refuses, and not only fails to do, is given up. */
const mostRefusals = 5
/** Milliseconds between attempts: the first pause, the longest, and how long a claim may take. */
const firstPause = 100
const longestPause = 5_000
const claimLife = 15_000
const batch = 20

/** Makes the invalidator of a process. */
export function createInvalidator(options: InvalidatorOptions): Invalidator {
  const { cache, database, clock = systemClock, random = Math.random, onError = () => undefined } = options
  const date = (offset = 0): Date => new Date(clock.now() + offset)
  let running: Promise<void> | undefined
  let again = false
  let timer: Timer | undefined
  let stopListening: (() => Promise<void>) | undefined
  let closed = false

  async function carryOut(event: Claimed): Promise<void> {
    const { cache_keys: keys, cache_tags: tags } = event
    const began = clock.now()
    const report = await cache.invalidate({ keys, tags })
    const survivor = await findSurvivor(cache, keys, { report, elapsed: () => clock.now() - began })
    if (survivor !== undefined) throw new RepriseError('E_INVALIDATION_UNKNOWN', survivor)
  }

  async function settle(event: Claimed, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error)
    const away = RepriseError.is(error) && error.retryable
    if (!away && event.attempts >= mostRefusals) {
      await database.query(statements.failEvent, [event.id, message])
      return
    }
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(event.attempts - 1, 10))
    const due = date(pause * (0.75 + random() * 0.5))
    await database.query(statements.postponeEvent, [event.id, message, due])
  }

  async function handle(event: Claimed): Promise<void> {
    try {
      await carryOut(event)
    } catch (error) {
      onError(error)
      await settle(event, error)
      return
    }
    await database.query(statements.completeEvent, [event.id, date()])
    const row = { table: event.table_name, record: event.record_id }
    await showEvent({ cache, database, now: () => date() }, row).catch(onError)
  }

  async function drain(): Promise<void> {
    do {
      again = false
      for (;;) {
        const parameters = [date(), date(-claimLife), batch]
        const { rows } = await database.query<Claimed>(statements.claimEvents, parameters)
        await Promise.all(rows.map(handle))
        if (rows.length < batch) break
      }
    } while (again && !closed)
  }

  async function schedule(): Promise<void> {
    timer?.cancel()
    timer = undefined
    if (closed || stopListening === undefined) return
    const { rows } = await database.query<{ due: Date | null }>(statements.nextDue, [`${claimLife} ms`])
    const due = rows[0]?.due ?? null
    const pause = due === null ? longestPause : Math.min(longestPause, due.getTime() - clock.now())
    timer = clock.setTimeout(wake, Math.max(10, pause), { background: true })
  }

  function run(): Promise<void> {
    again = true
    running ??= drain().finally(() => {
      running = undefined
    })
    return running
  }

  function wake(): void {
    if (closed) return
    run()
      .then(schedule, async (error: unknown) => {
        onError(error)
        timer = clock.setTimeout(wake, longestPause, { background: true })
      })
      .catch(onError)
  }

  return {
    run,
    async start() {
      stopListening = await database.listen(eventChannel, wake, { onReconnect: wake })
      wake()
    },
    async retry(invalidationId) {
      const { rowCount } = await database.query(statements.retryEvent, [invalidationId, date()])
      if (rowCount > 0) wake()
      return rowCount > 0
    },
    async close() {
      closed = true
      timer?.cancel()
      await stopListening?.()
      await running?.catch(() => undefined)
    },
  }
}
