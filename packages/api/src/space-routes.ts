import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

const amount = z.number().nonnegative()
const rate = z.number().min(0).max(1)

/** One space of the catalog: how it is declared, what there is of it, and how it works since the process started. */
export const spaceRow = z.strictObject({
  space: z.string(),
  template: z.string(),
  tenant_param: z.string().nullable(),
  secret: z.boolean().describe('Values are never shown'),
  format: z.enum(['entry', 'document', 'text']),
  ttl: z.string().describe('Such as 10m, for ever, a rule of the calendar, or computed from the value'),
  ttl_seconds: amount.nullable().describe('null where the TTL is not one length'),
  stale_while_revalidate_seconds: amount,
  stale_if_error_seconds: amount,
  consistency: z.string().describe('eventual, strict, or bounded with its length'),
  tiers: z.array(z.string()),
  entries: count.describe('Living entries, each counted once'),
  bytes: amount.describe('In all tiers together'),
  memory_entries: count,
  memory_bytes: amount,
  hits: count,
  misses: count,
  stale_serves: count,
  hit_rate: rate,
  loads: count,
  load_failures: count,
  mean_load_seconds: amount.nullable(),
  coalesced: count,
  sets: count,
  deletes: count,
  errors: count,
  avoided_cost: z.number(),
})

/** What to do about the TTL of a space (row C7), and the figures that say so. */
export const ttlAdvice = z.strictObject({
  space: z.string(),
  advice: z.enum(['shorter', 'longer', 'keep', 'more-memory', 'unread', 'not-enough']),
  reason: z.string(),
  suggested_ttl_seconds: amount.nullable(),
  ttl_seconds: amount.nullable().describe('The TTL that was seen; null where there was none of one length'),
  entries: count.describe('Entries that have left memory, on which it rests'),
  never_read: rate,
  in_use: rate,
  last_hit_age_median_seconds: amount.nullable(),
  last_hit_age_p95_seconds: amount.nullable(),
})

/** A key that the process reads much at present (row C7). */
export const hotKey = z.strictObject({
  key: z.string(),
  space: z.string(),
  reads: count.describe('An estimate, of about the last five minutes'),
  error: count.describe('By how much it may be too high'),
  share: rate,
})

/** The catalog and how it works. */
export const spaceRoutes = {
  spaceList: {
    id: 'spaceList',
    method: 'GET',
    path: '/api/v1/spaces',
    summary: 'The catalog: every space with its template, policy and figures',
    role: 'viewer',
    tag: 'spaces',
    data: z.strictObject({ items: z.array(spaceRow), counted_at: instant }),
  },
  spaceRead: {
    id: 'spaceRead',
    method: 'GET',
    path: '/api/v1/spaces/:space',
    summary: 'One space with its figures and the advice about its TTL',
    role: 'viewer',
    tag: 'spaces',
    params: z.strictObject({ space: lineOf(100) }),
    data: z.strictObject({ space: spaceRow, advice: ttlAdvice, counted_at: instant }),
  },
  hotKeys: {
    id: 'hotKeys',
    method: 'GET',
    path: '/api/v1/hot-keys',
    summary: 'The keys that this process reads most at present, the hottest first',
    role: 'viewer',
    tag: 'spaces',
    query: z.strictObject({ limit: queryNumber(1, 256, 10) }),
    data: z.strictObject({ items: z.array(hotKey) }),
  },
  ttlAdvice: {
    id: 'ttlAdvice',
    method: 'GET',
    path: '/api/v1/ttl-advice',
    summary: 'What to do about the TTL of each space, from what this process has seen',
    role: 'viewer',
    tag: 'spaces',
    data: z.strictObject({ items: z.array(ttlAdvice) }),
  },
} as const satisfies Record<string, Route>
