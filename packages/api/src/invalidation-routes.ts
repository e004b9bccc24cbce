import { z } from 'zod'
import { entryRow } from './entry-routes.ts'
import { pageOf, pageQuery } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

/** The states of an invalidation; completed only when the deletion was seen to be done. */
export const invalidationStatus = z.enum(['pending', 'processing', 'completed', 'failed'])

const names = (longest: number) => z.array(lineOf(longest)).max(1_000).default([])

/** What is to disappear: any of these together, at least one. */
export const invalidationTarget = z.strictObject({
  keys: names(4_096).describe('Keys, with or without the prefix of the catalog'),
  tags: names(256),
  spaces: names(100),
  tenant: lineOf(256).optional().describe('Every entry of a tenant, in the spaces whose keys name one'),
})

/** One row of the log of invalidations (row A20). */
export const invalidationRow = z.strictObject({
  invalidation_id: z.string(),
  origin: z.string().describe('api, or what else asked for it, such as configuration'),
  keys: z.array(z.string()),
  tags: z.array(z.string()),
  spaces: z.array(z.string()),
  tenant: z.string().nullable(),
  event: z.record(z.string(), z.json()).nullable().describe('The change that caused it, where one did'),
  operator_id: z.string(),
  reason: z.string(),
  status: invalidationStatus,
  attempts: count,
  error: z.string().nullable().describe('Of the last attempt that failed'),
  created_at: instant,
  next_attempt_at: instant.nullable().describe('null when none is to be made'),
  completed_at: instant.nullable(),
})

/** What an invalidation would make disappear. */
export const invalidationPreview = z.strictObject({
  entries: count,
  bytes: z.number().nonnegative(),
  spaces: z.record(z.string(), count).describe('Entries by space'),
  samples: z.array(entryRow).describe('Up to 20 of them'),
})

/** A place in the cache's log of invalidations: numbers count within an era; a new era begins where the log was lost. */
export const logPosition = z.strictObject({ era: z.string(), n: count })

/** How far one process is with an invalidation. */
export const invalidationDelivery = z.strictObject({
  process: z.string().describe('Host and process id'),
  own: z.boolean().describe('Whether it is the process that answers'),
  state: z
    .enum(['applied', 'pending', 'silent'])
    .describe('silent: not applied, and not heard for 15 seconds: dead, or cut off from the database'),
  position: logPosition.describe('Up to where it has applied the log'),
  behind: count.nullable().describe('Records until this one; null where there is nothing to compare'),
  seen_at: instant.describe('When it last told its position'),
})

const one = z.strictObject({ invalidation_id: lineOf(100) })

/** Invalidation as a service, for programs in any language (rows A20, F1). */
export const invalidationRoutes = {
  invalidate: {
    id: 'invalidate',
    audit: 'invalidation.ask',
    method: 'POST',
    path: '/api/v1/invalidation',
    summary:
      'Make entries disappear in every process. 200: done and verified; 202: written down and tried until it is. The header Idempotency-Key makes repeating safe',
    role: 'operator',
    tag: 'invalidation',
    tenantBound: true,
    body: invalidationTarget.extend({
      dry_run: z.boolean().default(false).describe('Only count what would go'),
      reason: lineOf(500).optional(),
    }),
    data: z.strictObject({
      dry_run: z.boolean(),
      preview: invalidationPreview.nullable().describe('Of a dry run'),
      invalidation: invalidationRow.nullable().describe('null for a dry run'),
    }),
    dataStatuses: [202],
  },
  invalidationList: {
    id: 'invalidationList',
    method: 'GET',
    path: '/api/v1/invalidations',
    summary: 'The log of invalidations, the newest first',
    role: 'viewer',
    tag: 'invalidation',
    tenantBound: true,
    query: z.strictObject({
      status: invalidationStatus.optional(),
      origin: lineOf(50).optional(),
      ...pageQuery,
    }),
    data: pageOf(invalidationRow),
  },
  invalidationRead: {
    id: 'invalidationRead',
    method: 'GET',
    path: '/api/v1/invalidations/:invalidation_id',
    summary: 'One invalidation and how far it is',
    role: 'viewer',
    tag: 'invalidation',
    tenantBound: true,
    params: one,
    data: z.strictObject({ invalidation: invalidationRow }),
  },
  invalidationDeliveries: {
    id: 'invalidationDeliveries',
    method: 'GET',
    path: '/api/v1/invalidations/:invalidation_id/deliveries',
    summary: 'Which processes have applied an invalidation, by their places in the log; at most a second old',
    role: 'viewer',
    tag: 'invalidation',
    params: one,
    data: z.strictObject({
      invalidation_id: z.string(),
      status: invalidationStatus,
      position: logPosition.nullable().describe('null until it was carried out'),
      applied: count,
      pending: count,
      silent: count,
      processes: z.array(invalidationDelivery).describe('Heard in the last five minutes, at most 200'),
    }),
  },
  invalidationRepeat: {
    id: 'invalidationRepeat',
    audit: 'invalidation.retry',
    method: 'POST',
    path: '/api/v1/invalidations/:invalidation_id/retry',
    summary: 'Try an invalidation that failed once more; 409 where it has not failed',
    role: 'operator',
    tag: 'invalidation',
    tenantBound: true,
    params: one,
    data: z.strictObject({ invalidation: invalidationRow }),
    dataStatuses: [202],
  },
} as const satisfies Record<string, Route>
