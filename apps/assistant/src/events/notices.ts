import type { Cache } from '@reprise/cache'
import type { Queryable } from '@reprise/database'
import {
  type InvalidationNotices,
  type InvalidationRecord,
  cacheInvalidationNotificationsSpace,
  cacheInvalidationSpace,
} from '../catalog/invalidation.ts'
import { lives } from '../catalog/ttl.ts'
import { type EventRow, toNotice, toRecord } from './event.ts'
import * as statements from './statements.ts'

/** The newest notices are at most this many. */
const mostNotices = 50

/** The notices of the last five minutes, the oldest of them first (section 11.1, row A12). */
export async function loadNotices(database: Queryable, now: Date): Promise<InvalidationNotices> {
  const since = new Date(now.getTime() - lives.cache_invalidation_notifications.seconds * 1000)
  const { rows } = await database.query<EventRow>(statements.selectNewest, [since, mostNotices])
  return rows.toReversed().map(toNotice)
}

/** What became of the last change of a row (row A20); undefined when it was never changed. */
export async function loadRecord(
  database: Queryable,
  table: string,
  record: string,
): Promise<InvalidationRecord | undefined> {
  const { rows } = await database.query<EventRow>(statements.selectLastEvent, [table, record])
  return rows[0] === undefined ? undefined : toRecord(rows[0])
}

/**
 * Shows the state of a change to whoever reads the cache: its record and the list of notices are deleted and loaded
 * again, so that of two processes that do it at once the later state stays.
 */
export async function showEvent(
  parts: { readonly cache: Cache; readonly database: Queryable; readonly now: () => Date },
  { table, record }: { readonly table: string; readonly record: string },
): Promise<void> {
  const { cache, database, now } = parts
  const notices = cache.open(cacheInvalidationNotificationsSpace)
  const records = cache.open(cacheInvalidationSpace)
  const params = { table_name: table, record_id: record }
  await cache.invalidate({ keys: [notices.key({}), records.key(params)] })
  await notices.getOrLoad({}, () => loadNotices(database, now()))
  await records.getOrLoad(params, async () => {
    const loaded = await loadRecord(database, table, record)
    if (loaded === undefined) throw new Error(`No change of ${table} ${record} is in the log`)
    return loaded
  })
}
