// Carries invalidations to the cache, whoever asked for them (row A20). A row is claimed by one process, which deletes
// through the cache: its log takes the deletion to every process. Then it looks whether the entries are gone, and only
// then the row is completed. With the shared store away the row goes back to pending and is tried again later, later
// each time, up to five seconds: nothing is lost, and a process that dies on the way leaves it to another.
import { createHash, randomUUID } from 'node:crypto'
import {
  type Cache,
  type Clock,
  type Invalidation,
  type Random,
  RepriseError,
  type Timer,
  systemClock,
} from '@reprise/cache'
import type { Database, Queryable } from '@reprise/database'
import { canonicalJson } from '../operations/chain.ts'
import { HttpError } from '../http-error.ts'
import type { InvalidationRow } from './row.ts'
import * as statements from './statements.ts'
import { findSurvivor } from './verify.ts'

/** What is to disappear, who wants it, and why. */
export interface InvalidationAsk {
  readonly target: Invalidation
  /** Who asks, as the log shows it: `api`, `configuration`. */
  readonly origin: string
  readonly operator: string
  readonly reason?: string | undefined
  /** The change that causes it, as JSON, and what it is made to, such as `intents/5`. */
  readonly event?: Readonly<Record<string, unknown>> | undefined
  readonly about?: string | undefined
  /** The tenant of a caller who is bound to one: only such callers, and those bound to none, see the row. */
  readonly visibleTo?: string | undefined
  /** A name under which the same asking is carried out once, however often it is repeated. */
  readonly idempotencyKey?: string | undefined
}

/** Which rows of the log are asked for. */
export interface InvalidationPage {
  readonly status?: string | undefined
  readonly origin?: string | undefined
  readonly visibleTo?: string | undefined
  /** Rows older than this place. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Invalidations that are written down before they are carried out, and tried until they are. Calls throw what `Database.query` throws. */
export interface Invalidations {
  /**
   * Writes an invalidation into the transaction of what causes it, and resolves with its id. Processes hear of it when,
   * and only if, that commits. Repeated with the same idempotency key, it is the id of the first.
   * @throws HttpError 422 where the key was used for something else
   */
  ask(ask: InvalidationAsk, transaction?: Queryable): Promise<string>
  find(invalidationId: string): Promise<InvalidationRow | undefined>
  /** The newest first, each with its place in the log. */
  list(page: InvalidationPage): Promise<readonly (InvalidationRow & { readonly place: string })[]>
  /** The last one that was about something. */
  findAbout(about: string): Promise<InvalidationRow | undefined>
  /** Those that were asked for after an instant, the newest first. */
  since(instant: Date, limit: number): Promise<readonly InvalidationRow[]>
  /** Works off what is due; resolves when nothing is. */
  run(): Promise<void>
  /** Listens for rows of all processes, and works off what is due. */
  start(): Promise<void>
  /** Gives a failed one another try; false when there is none that failed. */
  retry(invalidationId: string): Promise<boolean>
  /** Stops; waits for what is under way. */
  close(): Promise<void>
}

/** What they work with. */
export interface InvalidationsOptions {
  readonly cache: Cache
  /** With the migrations of the service applied before the first call. */
  readonly database: Database
  /** @default the machine's clock */
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: Random
  /** Hears of attempts that failed; they are made again. */
  readonly onError?: (error: unknown) => void
  /** Hears of each that was completed, such as to show it to those who read the cache. */
  readonly onCompleted?: (row: InvalidationRow) => Promise<void>
}

/** The channel on which processes tell each other that there is a new row. */
const channel = 'service_invalidation'
/** After how many attempts one that the cache refuses, and not only fails to do, is given up. */
const mostRefusals = 5
/** Milliseconds between attempts: the first pause, the longest, and how long a claim may take. */
const firstPause = 100
const longestPause = 5_000
const claimLife = '15 s'
const batch = 20

/** Makes the invalidations of a process. */
export function createInvalidations(options: InvalidationsOptions): Invalidations {
  const { cache, database, clock = systemClock, random = Math.random, onError = () => undefined } = options
  let running: Promise<void> | undefined
  let again = false
  let timer: Timer | undefined
  let stopListening: (() => Promise<void>) | undefined
  let closed = false

  async function insert(ask: InvalidationAsk, queryable: Queryable): Promise<string> {
    const { target, idempotencyKey = null, event = null } = ask
    const { keys = [], tags = [], spaces = [], tenant = null } = target
    const id = `inv_${randomUUID()}`
    const digest =
      idempotencyKey === null ? null : createHash('sha256').update(canonicalJson(target)).digest('hex')
    const unique = [keys, tags, spaces].map((names) => [...new Set(names)])
    const about = [event, ask.about ?? '', ask.operator, ask.reason ?? '', ask.visibleTo ?? null]
    const given = [id, ask.origin, ...unique, tenant, ...about, idempotencyKey, digest]
    if ((await queryable.query(statements.insert, given)).rowCount > 0) {
      await queryable.query(statements.notify, [channel, id])
      return id
    }
    const { rows } = await queryable.query<{ invalidation_id: string; asked_digest: string }>(
      statements.findAsked,
      [idempotencyKey],
    )
    if (rows[0]?.asked_digest === digest) return rows[0].invalidation_id
    throw new HttpError(
      422,
      'This Idempotency-Key was used for another invalidation: take a new key for a new one',
    )
  }

  async function carryOut(row: InvalidationRow): Promise<void> {
    const { keys, tags, spaces, tenant } = row
    const target = { keys, tags, spaces, ...(tenant === null ? {} : { tenant }) }
    const began = clock.now()
    const report = await cache.invalidate(target)
    const survivor = await findSurvivor(cache, target, { report, elapsed: () => clock.now() - began })
    if (survivor !== undefined) throw new RepriseError('E_INVALIDATION_UNKNOWN', survivor)
  }

  async function settle({ invalidation_id: id, attempts }: InvalidationRow, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error)
    const away = RepriseError.is(error) && error.retryable
    if (!away && attempts >= mostRefusals) {
      await database.query(statements.fail, [id, message])
      return
    }
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(attempts - 1, 10))
    await database.query(statements.postpone, [
      id,
      message,
      `${Math.round(pause * (0.75 + random() * 0.5))} ms`,
    ])
  }

  async function handle(row: InvalidationRow): Promise<void> {
    try {
      await carryOut(row)
    } catch (error) {
      onError(error)
      await settle(row, error)
      return
    }
    await database.query(statements.complete, [row.invalidation_id])
    await options.onCompleted?.(row).catch(onError)
  }

  async function drain(): Promise<void> {
    do {
      again = false
      for (;;) {
        const { rows } = await database.query<InvalidationRow>(statements.claim, [claimLife, batch])
        await Promise.all(rows.map(handle))
        if (rows.length < batch) break
      }
    } while (again && !closed)
  }

  async function schedule(): Promise<void> {
    timer?.cancel()
    timer = undefined
    if (closed || stopListening === undefined) return
    const { rows } = await database.query<{ due: number | null }>(statements.nextDue, [claimLife])
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

  const one = async (statement: string, value: string): Promise<InvalidationRow | undefined> =>
    (await database.query<InvalidationRow>(statement, [value])).rows[0]

  return {
    run,
    ask: async (ask, transaction) =>
      transaction === undefined
        ? database.transaction(async (own) => insert(ask, own))
        : insert(ask, transaction),
    find: (id) => one(statements.selectOne, id),
    findAbout: (about) => one(statements.selectAbout, about),
    async since(instant, limit) {
      return (await database.query<InvalidationRow>(statements.selectSince, [instant, limit])).rows
    },
    async list({ status = null, origin = null, visibleTo = null, before = null, limit }) {
      const given = [status, origin, visibleTo, before, limit]
      const { rows } = await database.query<InvalidationRow & { place: string }>(statements.selectPage, given)
      return rows
    },
    async start() {
      stopListening = await database.listen(channel, wake, { onReconnect: wake })
      wake()
    },
    async retry(invalidationId) {
      const { rowCount } = await database.query(statements.retry, [invalidationId])
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
