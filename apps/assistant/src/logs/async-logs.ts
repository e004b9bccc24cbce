// Logs that nobody waits for. An entry goes into a buffer, the buffer into the queue in the database once a second, and
// from there a worker of any process writes batches of fifty, the urgent ones first. A batch that fails is taken apart,
// so that one bad row does not keep the others back; a row that fails three times is `failed`. What a process that died
// had claimed is claimed again. What it had still in the buffer, at most a second of it, is lost.
import { type Cache, type Clock, type Timer, systemClock } from '@reprise/cache'
import type { Database, Queryable } from '@reprise/database'
import { type AsyncLogStatus, asyncLogStatusSpace } from '../catalog/log.ts'
import { type LogEntries, type LogType, logTypes } from './log-entry.ts'
import * as statements from './statements.ts'

/** The asynchronous logs of a process (row A21). */
export interface AsyncLogs {
  /** Takes an entry; returns at once and never throws. */
  write<Type extends LogType>(type: Type, entry: LogEntries[Type]): void
  /** Queues what was taken, and works off the queue; resolves when nothing is due. */
  run(): Promise<void>
  /** How a kind is doing. */
  status(type: LogType): Promise<AsyncLogStatus>
  start(): void
  /** Queues what was taken and writes it. */
  close(): Promise<void>
}

interface Claimed {
  readonly id: number
  readonly log_type: LogType
  readonly log_data: object
  readonly attempts: number
  readonly created_at: Date
}

const batch = 50
const mostAttempts = 3
/** Most entries that wait in memory; the oldest make room. */
const mostBuffered = 10_000
/** Milliseconds: between looks at the buffer, between looks at the queue, of a claim, of the first pause after a failure. */
const tick = 1_000
const ticksBetweenLooks = 5
const claimLife = 60_000
const firstPause = 1_000
const day = 24 * 60 * 60_000

/** Opens the logs of a process. */
export function openLogs(options: {
  readonly cache: Cache
  readonly database: Database
  readonly clock?: Clock
  readonly onError: (error: unknown) => void
}): AsyncLogs {
  const { cache, database, clock = systemClock, onError } = options
  const statuses = cache.open(asyncLogStatusSpace)
  const date = (offset = 0): Date => new Date(clock.now() + offset)
  let buffer: { log_type: LogType; log_data: object; priority: number; created_at: Date }[] = []
  let dropped = 0
  let ticks = 0
  let timer: Timer | undefined
  let running: Promise<void> | undefined
  let closed = false

  async function queueBuffer(): Promise<void> {
    if (buffer.length === 0) return
    const taken = buffer
    buffer = []
    try {
      await database.query(statements.enqueue, [JSON.stringify(taken)])
    } catch (error) {
      buffer = [...taken, ...buffer].slice(-mostBuffered)
      throw error
    }
  }

  async function writeRows(transaction: Queryable, type: LogType, rows: readonly Claimed[]): Promise<void> {
    const items = rows.map(({ id, log_data, created_at }) => ({
      ...log_data,
      queue_id: id,
      logged_at: created_at,
    }))
    await transaction.query(statements.writeLogs[type], [JSON.stringify(items)])
    await transaction.query(statements.complete, [rows.map(({ id }) => id), date()])
  }

  async function writeBatch(type: LogType, rows: readonly Claimed[]): Promise<void> {
    try {
      await database.transaction((transaction) => writeRows(transaction, type, rows))
    } catch (error) {
      const [row] = rows
      if (row !== undefined && rows.length === 1) {
        const message = error instanceof Error ? error.message : String(error)
        const due = date(firstPause * 2 ** (row.attempts - 1))
        await database.query(statements.postpone, [row.id, message, due, mostAttempts])
        onError(error)
        return
      }
      for (const one of rows) await writeBatch(type, [one])
    }
  }

  async function loadStatus(type: LogType): Promise<AsyncLogStatus> {
    const { rows } = await database.query<{
      pending: number
      processing: number
      completed: number
      failed: number
      milliseconds: number
      last_minute: number
      last_processed: Date | null
    }>(statements.statusOf, [type, date()])
    const row = rows[0]
    return {
      log_type: type,
      queue_status: {
        pending_count: row?.pending ?? 0,
        processing_count: row?.processing ?? 0,
        completed_count: row?.completed ?? 0,
        failed_count: row?.failed ?? 0,
      },
      performance: {
        avg_processing_time_ms: Math.round((row?.milliseconds ?? 0) * 100) / 100,
        throughput_per_minute: row?.last_minute ?? 0,
      },
      last_processed_at: row?.last_processed?.toISOString() ?? null,
    }
  }

  async function showStatus(type: LogType): Promise<void> {
    await statuses.delete({ log_type: type })
    await statuses.getOrLoad({ log_type: type }, () => loadStatus(type))
  }

  async function work(): Promise<void> {
    await queueBuffer()
    const touched = new Set<LogType>()
    for (;;) {
      const { rows } = await database.query<Claimed>(statements.claim, [date(), date(-claimLife), batch])
      for (const type of Object.keys(logTypes) as LogType[]) {
        const own = rows.filter((row) => row.log_type === type)
        if (own.length === 0) continue
        touched.add(type)
        await writeBatch(type, own)
      }
      if (rows.length < batch) break
    }
    for (const type of touched) await showStatus(type).catch(onError)
  }

  function run(): Promise<void> {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }

  function schedule(): void {
    timer = clock.setTimeout(
      () => {
        ticks += 1
        const due = buffer.length > 0 || ticks % ticksBetweenLooks === 0
        const done = due ? run().catch(onError) : Promise.resolve()
        void done.then(() => {
          if (!closed) schedule()
        })
      },
      tick,
      { background: true },
    )
  }

  return {
    write(type, entry) {
      buffer.push({ log_type: type, log_data: entry, priority: logTypes[type], created_at: date() })
      if (buffer.length <= mostBuffered) return
      buffer.shift()
      dropped += 1
      if (dropped % 1_000 === 1)
        onError(new Error(`${dropped} log entries were dropped: the database is away`))
    },
    async run() {
      await running?.catch(() => undefined)
      await run()
    },
    status: (type) => statuses.getOrLoad({ log_type: type }, () => loadStatus(type)),
    start() {
      void database.query(statements.forget, [date(-day)]).catch(onError)
      schedule()
    },
    async close() {
      closed = true
      timer?.cancel()
      await running?.catch(() => undefined)
      await run().catch(onError)
    },
  }
}
