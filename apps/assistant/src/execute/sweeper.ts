// Settles bookings that were begun and never finished: their process died between the call and the record. The service
// is asked by the idempotency key, and never told to book: a user who gave up may have booked something else since. What
// it has is confirmed, what it does not have has failed, and with the service away the row waits for the next round. A
// yes that comes again meanwhile goes out under the same key, and its answer counts. A function without `status_endpoint`
// cannot be asked: after a day its booking has failed, and the reason says that nobody knows.
import { type Cache, type Clock, type Timer, systemClock } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { Lookups } from '../dialogue/lookups.ts'
import { type Bookings, openBookings } from './bookings.ts'
import { CallError } from './call-error.ts'
import { fillHeaders } from './headers.ts'
import { callOnce } from './http-call.ts'
import { moved } from './origins.ts'
import * as statements from './statements.ts'

/** What a sweeper works with. */
export interface SweeperOptions {
  readonly cache: Cache
  readonly database: Database
  readonly lookups: Pick<Lookups, 'profile' | 'thresholds'>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly origins: Readonly<Record<string, string>>
  readonly now: () => Date
  /** @default the machine's clock */
  readonly clock?: Clock
  readonly onError: (error: unknown) => void
}

/** What a round found out. */
export interface SweepReport {
  readonly confirmed: number
  readonly failed: number
  /** Bookings that nothing could be found out about this time. */
  readonly open: number
}

/** Settles bookings that were left unfinished. */
export interface Sweeper {
  /** Looks once. */
  run(): Promise<SweepReport>
  /** Looks every minute. */
  start(): void
  close(): Promise<void>
}

interface Unfinished {
  readonly idempotency_key: string
  readonly user_id: string
  readonly cost_center: string | null
  readonly started_at: Date
  readonly status_endpoint: string | null
  readonly headers: Readonly<Record<string, string>> | null
  readonly timeout_seconds: number | null
}

const minute = 60_000
/** Longer than any call may take: whoever began the booking is not at it any more. */
const unfinishedAfter = 6 * minute
const unknownAfter = 24 * 60 * minute
const batch = 20

function isMissing(error: unknown): boolean {
  return error instanceof CallError && (error.cause as { status?: unknown } | undefined)?.status === 404
}

/** Makes the sweeper of a process; several of them do not get in each other's way. */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { database, lookups, environment, origins, now, clock = systemClock, onError } = options
  const bookings: Bookings = openBookings(options)
  let timer: Timer | undefined
  let running: Promise<SweepReport> | undefined
  let closed = false

  async function settle(row: Unfinished): Promise<keyof SweepReport> {
    const { idempotency_key: idempotencyKey, status_endpoint: endpoint } = row
    if (endpoint === null) {
      if (now().getTime() - row.started_at.getTime() < unknownAfter) return 'open'
      await bookings.fail(
        { idempotencyKey },
        'Nobody knows what became of it: no status_endpoint is configured',
      )
      return 'failed'
    }
    try {
      const result = await callOnce({
        url: moved(endpoint, origins),
        method: 'GET',
        headers: fillHeaders(row.headers ?? {}, environment),
        params: { idempotency_key: idempotencyKey },
        timeout: (row.timeout_seconds ?? 30) * 1000,
      })
      const facts = { profile: await lookups.profile(row.user_id), thresholds: await lookups.thresholds() }
      const businessContext = row.cost_center === null ? {} : { cost_center: row.cost_center }
      await bookings.confirm({ idempotencyKey, businessContext }, result, facts)
      return 'confirmed'
    } catch (error) {
      if (!isMissing(error)) {
        onError(error)
        return 'open'
      }
      await bookings.fail({ idempotencyKey }, 'The service has no order of this key')
      return 'failed'
    }
  }

  async function sweep(): Promise<SweepReport> {
    const at = now()
    const before = (milliseconds: number): Date => new Date(at.getTime() - milliseconds)
    const { rows } = await database.query<Unfinished>(statements.claimUnfinished, [
      at,
      before(unfinishedAfter),
      before(minute),
      batch,
    ])
    const report = { confirmed: 0, failed: 0, open: 0 }
    for (const row of rows) report[await settle(row)] += 1
    return report
  }

  function schedule(): void {
    timer = clock.setTimeout(
      () => {
        running = sweep()
        void running.catch(onError).then(() => {
          if (!closed) schedule()
        })
      },
      minute,
      { background: true },
    )
  }

  return {
    run: sweep,
    start: schedule,
    async close() {
      closed = true
      timer?.cancel()
      await running?.catch(() => undefined)
    },
  }
}
