import type { Cache } from '@reprise/cache'
import type { Queryable } from '@reprise/database'
import type { InvalidationRow, Invalidations } from '@reprise/service'
import {
  type InvalidationNotice,
  type InvalidationNotices,
  type InvalidationRecord,
  cacheInvalidationNotificationsSpace,
  cacheInvalidationSpace,
} from '../catalog/invalidation.ts'
import { lives } from '../catalog/ttl.ts'
import { assistantCatalog } from '../coach/space.ts'
import { type EventRow, toNotice, toRecord } from './event.ts'
import * as statements from './statements.ts'

/** The newest notices are at most this many. */
const mostNotices = 50

/** Where notices come from. */
export interface NoticeSources {
  /** Has the log of configuration changes. */
  readonly database: Queryable
  /** The invalidations that somebody asked the service for. */
  readonly asked: Pick<Invalidations, 'since'>
  readonly now: () => Date
}

/** The notices of the last five minutes, the oldest of them first (section 11.1, row A12): of changes, and of what was asked for. */
export async function loadNotices({ database, asked, now }: NoticeSources): Promise<InvalidationNotices> {
  const since = new Date(now().getTime() - lives.cache_invalidation_notifications.seconds * 1000)
  const { rows } = await database.query<EventRow>(statements.selectNewest, [since, mostNotices])
  const others = await asked.since(since, mostNotices)
  return [...rows.map(toNotice), ...others.map(noticeOfAsked)]
    .toSorted((one, other) => one.timestamp.localeCompare(other.timestamp))
    .slice(-mostNotices)
}

/** What was asked for as section 11.1 has it. Tags, spaces and tenants are the target; they affect keys that nobody lists. */
function noticeOfAsked(row: InvalidationRow): InvalidationNotice {
  const { invalidation_id, keys, tags, spaces, tenant, created_at, operator_id, reason } = row
  const spacesOf = new Set([
    ...spaces,
    ...keys.map((key) => assistantCatalog.parse(key)?.space.name ?? 'key'),
  ])
  const kinds = [...spacesOf, ...(tags.length === 0 ? [] : ['tag']), ...(tenant === null ? [] : ['tenant'])]
  const named = [...keys, ...tags, ...spaces, ...(tenant === null ? [] : [tenant])]
  return {
    invalidation_id,
    type: kinds.length === 1 ? (kinds[0] as string) : 'several',
    action: 'invalidate',
    target: named.length === 1 ? (named[0] as string) : `${named[0]} and ${named.length - 1} more`,
    affected_keys: [...keys],
    timestamp: created_at.toISOString(),
    operator_id,
    reason,
  }
}

/** Shows the notices as they are now: deleted and loaded again, so that of two processes at once the later state stays. */
export async function showNotices(parts: NoticeSources & { readonly cache: Cache }): Promise<void> {
  const notices = parts.cache.open(cacheInvalidationNotificationsSpace)
  await parts.cache.invalidate({ keys: [notices.key({})] })
  await notices.getOrLoad({}, () => loadNotices(parts))
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

/** Shows the state of a change to whoever reads the cache: its record and the notices, in the same way. */
export async function showEvent(
  parts: NoticeSources & { readonly cache: Cache },
  { table, record }: { readonly table: string; readonly record: string },
): Promise<void> {
  const { cache, database } = parts
  const records = cache.open(cacheInvalidationSpace)
  const params = { table_name: table, record_id: record }
  await cache.invalidate({ keys: [records.key(params)] })
  await showNotices(parts)
  await records.getOrLoad(params, async () => {
    const loaded = await loadRecord(database, table, record)
    if (loaded === undefined) throw new Error(`No change of ${table} ${record} is in the log`)
    return loaded
  })
}
