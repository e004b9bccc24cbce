import { createHash, randomUUID } from 'node:crypto'
import type { Invalidation } from '@reprise/cache'
import type { Queryable } from '@reprise/database'
import { HttpError } from '../http/http-error.ts'
import { canonicalJson } from '../operations/chain.ts'
import { type Carrier, type CarrierOptions, createCarrier } from './carrier.ts'
import type { InvalidationRow } from './row.ts'
import * as statements from './statements.ts'

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
export interface Invalidations extends Carrier {
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
}

/** What they work with: the database has the migrations of the service before the first call. */
export type InvalidationsOptions = Omit<CarrierOptions<InvalidationRow>, 'table'>

/** The channel on which processes tell each other that there is a new row. */
const channel = 'service_invalidation'

/** Makes the invalidations of a process. */
export function createInvalidations(options: InvalidationsOptions): Invalidations {
  const { database } = options
  const table = { name: 'service_invalidations', channel, columns: statements.columns }
  const carrier = createCarrier<InvalidationRow>({ ...options, table })

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

  const one = async (statement: string, value: string): Promise<InvalidationRow | undefined> =>
    (await database.query<InvalidationRow>(statement, [value])).rows[0]

  return {
    ...carrier,
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
  }
}
