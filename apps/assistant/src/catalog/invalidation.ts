import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, jsonObject } from './json.ts'
import { lifeOf } from './ttl.ts'

/** One notice of a changed configuration and the keys that it affects (section 11.1, row A12). */
export const InvalidationNotice = z.looseObject({
  invalidation_id: z.string(),
  type: z.string(),
  action: z.string(),
  target: z.string(),
  affected_keys: z.array(z.string()),
  timestamp: instant,
  operator_id: z.string(),
  reason: z.string(),
})
export type InvalidationNotice = z.infer<typeof InvalidationNotice>

/** The newest notices, oldest of them first (section 11.1, row A12). */
export const InvalidationNotices = z.array(InvalidationNotice)
export type InvalidationNotices = z.infer<typeof InvalidationNotices>

/**
 * What became of the change of one row (template `cache_invalidation`, row A20): the event of section 15.1 with
 * its log status and keys, which are ours after the database's `cache_invalidation_logs`.
 */
export const InvalidationRecord = z.looseObject({
  event_type: z.literal('cache_invalidation'),
  table_name: z.string(),
  record_id: z.union([z.int(), z.string()]),
  operation: z.enum(['INSERT', 'UPDATE', 'DELETE']),
  data: jsonObject,
  timestamp: instant,
  invalidation_id: z.string(),
  status: z.enum(['pending', 'processing', 'completed', 'failed']),
  cache_keys: z.array(z.string()),
})
export type InvalidationRecord = z.infer<typeof InvalidationRecord>

/** `cache_invalidation:notifications` (section 11.1, row A12). */
export const cacheInvalidationNotificationsSpace = defineSpace({
  name: 'cache_invalidation_notifications',
  key: 'cache_invalidation:notifications',
  schema: InvalidationNotices,
  ttl: lifeOf('cache_invalidation_notifications'),
  format: 'document',
})

/** `cache_invalidation:{table_name}:{record_id}` (section 1.1, row A20). */
export const cacheInvalidationSpace = defineSpace({
  name: 'cache_invalidation',
  key: 'cache_invalidation:{table_name}:{record_id}',
  schema: InvalidationRecord,
  ttl: lifeOf('cache_invalidation'),
  format: 'document',
  tags: ({ table_name }) => [`table:${table_name}`],
})
