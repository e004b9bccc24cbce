import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant } from './json.ts'
import { lifeOf } from './ttl.ts'

/** How one kind of asynchronous log is doing (section 15.2, row A21); `last_processed_at` is null before the first. */
export const AsyncLogStatus = z.looseObject({
  log_type: z.enum(['api_call', 'security_audit', 'performance', 'error']),
  queue_status: z.looseObject({
    pending_count: z.int(),
    processing_count: z.int(),
    completed_count: z.int(),
    failed_count: z.int(),
  }),
  performance: z.looseObject({
    avg_processing_time_ms: z.number(),
    throughput_per_minute: z.number(),
  }),
  last_processed_at: instant.nullable(),
})
export type AsyncLogStatus = z.infer<typeof AsyncLogStatus>

/** `async_log_status:{log_type}` (section 15.2, row A21). */
export const asyncLogStatusSpace = defineSpace({
  name: 'async_log_status',
  key: 'async_log_status:{log_type}',
  schema: AsyncLogStatus,
  ttl: lifeOf('async_log_status'),
  format: 'document',
  tags: ({ log_type }) => [`log:${log_type}`],
})
