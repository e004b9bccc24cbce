// Carries what stands in a log of invalidations to the cache (row A20). A row is claimed by one process, which deletes
// through the cache: its log takes the deletion to every process. Then it looks whether the entries are gone, and only
// then the row is completed. With the shared store away the row goes back to pending and is tried again later, later
// each time, up to five seconds: nothing is lost, and a process that dies on the way leaves it to another.
import {
  type Cache,
  type Clock,
  type InvalidationReport,
  type Random,
  RepriseError,
  type Timer,
  systemClock,
} from '@reprise/cache'
import type { Database } from '@reprise/database'
import { type InvalidationLogTable, lifeStatements } from './life-statements.ts'
import { findSurvivor } from './verify.ts'

/** A row that this process works on. */
export interface ClaimedRow {
  readonly invalidation_id: string
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly spaces?: readonly string[]
  readonly tenant?: string | null
  /** This one included. */
  readonly attempts: number
}

/** What carries them. */
export interface CarrierOptions<Row extends ClaimedRow> {
  readonly cache: Cache
  readonly database: Database
  readonly table: InvalidationLogTable
  /** @default the machine's clock */
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: Random
  /** Hears of attempts that failed; they are made again. */
  readonly onError?: (error: unknown) => void
  /** Hears of each that was completed. */
  readonly onCompleted?: (row: Row) => Promise<void>
}

/** Works off a log of invalidations. */
export interface Carrier {
  /** Works off what is due; resolves when nothing is. */
  run(): Promise<void>
  /** Listens for rows of all processes, and works off what is due. */
  start(): Promise<void>
  /** Gives a failed one another try; false when there is none that failed. */
  retry(invalidationId: string): Promise<boolean>
  /** Stops; waits for what is under way. */
  close(): Promise<void>
}

/** After how many attempts one that the cache refuses, and not only fails to do, is given up. */
const mostRefusals = 5
/** Milliseconds between attempts: the first pause, the longest, and how long a claim may take. */
const firstPause = 100
const longestPause = 5_000
const claimLife = '15 s'
const batch = 20

/** Makes the carrier of a process. @throws TypeError for a table whose name is no identifier */
export function createCarrier<Row extends ClaimedRow>(options: CarrierOptions<Row>): Carrier {
  const { cache, database, table, clock = systemClock, random = Math.random } = options
  const { onError = () => undefined } = options
  const life = lifeStatements(table)
  let running: Promise<void> | undefined
  let again = false
  let timer: Timer | undefined
  let stopListening: (() => Promise<void>) | undefined
  let closed = false

  async function carryOut({ keys, tags, spaces = [], tenant = null }: Row): Promise<InvalidationReport> {
    const target = { keys, tags, spaces, ...(tenant === null ? {} : { tenant }) }
    const began = clock.now()
    const report = await cache.invalidate(target)
    const survivor = await findSurvivor(cache, target, { report, elapsed: () => clock.now() - began })
    if (survivor !== undefined) throw new RepriseError('E_INVALIDATION_UNKNOWN', survivor)
    return report
  }

  async function settle({ invalidation_id: id, attempts }: Row, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error)
    const away = RepriseError.is(error) && error.retryable
    if (!away && attempts >= mostRefusals) {
      await database.query(life.fail, [id, message])
      return
    }
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(attempts - 1, 10))
    await database.query(life.postpone, [id, message, `${Math.round(pause * (0.75 + random() * 0.5))} ms`])
  }

  async function handle(row: Row): Promise<void> {
    let report: InvalidationReport
    try {
      report = await carryOut(row)
    } catch (error) {
      onError(error)
      await settle(row, error)
      return
    }
    const { era, n } = report.position
    await database.query(life.complete, [row.invalidation_id, era, n])
    await options.onCompleted?.(row).catch(onError)
  }

  async function drain(): Promise<void> {
    do {
      again = false
      for (;;) {
        const { rows } = await database.query<Row>(life.claim, [claimLife, batch])
        await Promise.all(rows.map(handle))
        if (rows.length < batch) break
      }
    } while (again && !closed)
  }

  async function schedule(): Promise<void> {
    timer?.cancel()
    timer = undefined
    if (closed || stopListening === undefined) return
    const { rows } = await database.query<{ due: number | null }>(life.nextDue, [claimLife])
    const pause = Math.min(longestPause, rows[0]?.due ?? longestPause)
    if (!closed) timer = clock.setTimeout(wake, Math.max(10, pause), { background: true })
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
      .then(schedule)
      .catch((error: unknown) => {
        onError(error)
        if (!closed) timer = clock.setTimeout(wake, longestPause, { background: true })
      })
  }

  return {
    run,
    async start() {
      stopListening = await database.listen(table.channel, wake, { onReconnect: wake })
      wake()
    },
    async retry(invalidationId) {
      return (await database.query(life.retry, [invalidationId])).rowCount > 0
    },
    async close() {
      closed = true
      timer?.cancel()
      await stopListening?.()
      await running?.catch(() => undefined)
    },
  }
}
