import { type Clock, systemClock } from '../clock.ts'
import type { Tier, TierItem, TierRecord } from '../tier.ts'
import { type SqlDatabase, checkTable, make, toNumber } from './database.ts'
import * as statements from './statements.ts'

/** Options of the SQL tier. */
export interface SqlTierOptions {
  readonly database: SqlDatabase
  /** Table name, made when it is missing. @default 'reprise_entries' */
  readonly table?: string
  /** Milliseconds after which a read is given up. @default 2 000 */
  readonly readDeadline?: number
  /** @default the machine's clock */
  readonly clock?: Clock
}

interface Row {
  readonly key: string
  readonly frame: Uint8Array | null
  readonly document: string | null
  readonly sidecar: string | null
  readonly bytes: unknown
  readonly created_at: unknown
  readonly expires_at: unknown
}

/** What a listing says of a row. */
type Listed = readonly [key: string, bytes: number, createdAt: number, expiresAt: number | null]

/** PostgreSQL takes at most 65 535 parameters in a statement; a row needs seven. */
const mostRows = 5_000

const expiry = (value: unknown): number => (value === null ? Infinity : toNumber(value))

function toRecord(row: Row): TierRecord {
  return {
    key: row.key,
    body: row.document ?? (row.frame as Uint8Array),
    ...(row.sidecar === null ? {} : { sidecar: row.sidecar }),
    createdAt: toNumber(row.created_at),
    expiresAt: expiry(row.expires_at),
  }
}

function toItem([key, bytes, createdAt, expiresAt]: Listed): TierItem {
  return { key, bytes, createdAt, expiresAt: expiresAt ?? Infinity }
}

/** The JSON beside a record is not the value; only the body counts as its size. */
function parameters(record: TierRecord): unknown[] {
  const { key, body, sidecar, createdAt, expiresAt } = record
  const document = typeof body === 'string'
  const bytes = document ? Buffer.byteLength(body) : body.length
  // Rounded up, so that an entry is never gone before its time; the entry itself carries the exact instant.
  const end = expiresAt === Infinity ? null : Math.ceil(expiresAt)
  return [
    key,
    document ? null : body,
    document ? body : null,
    sidecar ?? null,
    bytes,
    Math.floor(createdAt),
    end,
  ]
}

/**
 * A tier in one table of PostgreSQL or PGlite: entries survive a restart (row B1). Documents are in a text
 * column, readable with a SELECT. It never interprets bodies.
 * @throws E_OPTION_INVALID
 */
export function sqlTier(options: SqlTierOptions): Tier {
  const { database, readDeadline = 2_000, clock = systemClock } = options
  const table = checkTable(options.table ?? 'reprise_entries')
  return {
    name: 'sql',
    durable: true,
    readDeadline,
    async open() {
      await make(database, statements.createEntries(table))
      await make(database, statements.createEntriesIndex(table))
    },
    async read(keys) {
      const { rows } = await database.query(statements.readEntries(table), [
        JSON.stringify(keys),
        clock.now(),
      ])
      const found = new Map((rows as readonly Row[]).map((row) => [row.key, toRecord(row)]))
      return keys.map((key) => found.get(key))
    },
    async write(records) {
      if (records.length > mostRows)
        throw new RangeError(`at most ${mostRows} records at once, not ${records.length}`)
      if (records.length > 0)
        await database.query(statements.writeEntries(table, records.length), records.flatMap(parameters))
    },
    async remove(keys) {
      const { rows } = await database.query(statements.removeEntries(table), [JSON.stringify(keys)])
      const now = clock.now()
      return (rows as readonly Row[]).filter((row) => expiry(row.expires_at) > now).map(({ key }) => key)
    },
    async list(prefix, { cursor = '', limit }) {
      const { rows } = await database.query(statements.listEntries(table), [prefix, cursor, limit])
      const [row] = rows as readonly { readonly items: string }[]
      const found = JSON.parse(row?.items ?? '[]') as readonly Listed[]
      const own = found.filter(([key]) => key.startsWith(prefix)).map(toItem)
      const now = clock.now()
      const last = own.at(-1)
      return {
        items: own.filter(({ expiresAt }) => expiresAt > now),
        ...(own.length === limit && last !== undefined ? { cursor: last.key } : {}),
      }
    },
    async sweep(limit) {
      const { rows } = await database.query(statements.sweepEntries(table), [clock.now(), limit])
      return rows.length
    },
    async usage(prefix) {
      const { rows } = await database.query(statements.usageOfEntries(table), [prefix, clock.now()])
      const [row] = rows as readonly { readonly entries: unknown; readonly bytes: unknown }[]
      return { entries: toNumber(row?.entries ?? 0), bytes: toNumber(row?.bytes ?? 0) }
    },
    async ping() {
      await database.query('SELECT 1')
    },
    // The database belongs to whoever opened it.
    close: async () => {},
  }
}
