import type { Cache, Clock, Random } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { type Carrier, type ClaimedRow, type Invalidations, createCarrier } from '@reprise/service'
import { eventChannel } from './event.ts'
import { showEvent } from './notices.ts'
import { claimed } from './statements.ts'

/** What an invalidator works with. */
export interface InvalidatorOptions {
  readonly cache: Cache
  readonly database: Database
  /** What somebody asked the service for, which the notices show, too. */
  readonly asked: Pick<Invalidations, 'since'>
  /** @default the machine's clock */
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: Random
  /** Hears of attempts that failed; they are made again. */
  readonly onError?: (error: unknown) => void
}

/** Deletes what configuration changes have made old (row A20). */
export type Invalidator = Carrier

interface ClaimedEvent extends ClaimedRow {
  readonly table_name: string
  readonly record_id: string
}

/** Makes the invalidator of a process: it carries the log of configuration changes to the cache, and shows what became of them. */
export function createInvalidator(options: InvalidatorOptions): Invalidator {
  const { cache, database, asked } = options
  return createCarrier<ClaimedEvent>({
    ...options,
    table: { name: 'cache_invalidation_logs', channel: eventChannel, columns: claimed },
    onCompleted: ({ table_name: table, record_id: record }) =>
      showEvent(
        { cache, database, asked, now: () => new Date(options.clock?.now() ?? Date.now()) },
        { table, record },
      ),
  })
}
