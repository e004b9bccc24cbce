import { z } from 'zod'
import { pageOf } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

const amount = z.number().nonnegative()

/** A key: full, or without the prefix of the catalog. */
const keyText = lineOf(4_096).describe('The key, with or without the prefix of the catalog')

/** One entry, wherever it is; `state` is that in the nearest tier that has it. */
export const entryRow = z.strictObject({
  key: z.string(),
  space: z.string(),
  params: z.record(z.string(), z.string()),
  state: z
    .enum(['fresh', 'stale', 'fallback', 'unreadable'])
    .describe(
      'stale: served while it is refreshed; fallback: only if loading fails; unreadable: no value here',
    ),
  tiers: z.array(z.string()).describe('Nearest first'),
  bytes: amount,
  created_at: instant.nullable().describe('null for what cannot be read'),
  expires_at: instant.nullable().describe('End of the fresh life; null for ever'),
  hits: count.describe('Hits in the memory of the process that answers'),
  last_read_at: instant.nullable(),
  tags: z.array(z.string()),
  model: z.string().nullable(),
  strategy: z.string().nullable(),
  rank: z.number().nullable(),
  cost: z.number().nullable(),
})

/** What one tier has for a key. */
export const tierState = z.strictObject({
  tier: z.string(),
  state: z.enum(['fresh', 'stale', 'fallback', 'dead', 'absent', 'invalidated', 'unreadable', 'unreachable']),
  age_seconds: z.number().nullable(),
  left_seconds: z.number().nullable().describe('Fresh life left, below 0 when it is over; null for ever'),
  bytes: amount.nullable(),
  tags: z.array(z.string()),
  mark: z
    .string()
    .nullable()
    .describe('What invalidated it: t: a tag, s: a space, n: a tenant, era or floor'),
})

/** What is known of a key, and what a read would do now (row F9). */
export const explanation = z.strictObject({
  key: z.string(),
  space: z.string(),
  params: z.record(z.string(), z.string()),
  sentence: z.string().describe('One English sentence: what a read would do now'),
  tiers: z.array(tierState),
  load: z
    .strictObject({ started_at: instant, callers: count })
    .nullable()
    .describe('The load under way in this process'),
  lease: z
    .strictObject({
      holder: z.string().describe('host:pid of the process; empty for another program'),
      own: z.boolean(),
      left_seconds: z.number(),
    })
    .nullable()
    .describe('Who may load or write it now, where processes share a store'),
  failure: z
    .strictObject({ message: z.string(), attempts: count, until: instant })
    .nullable()
    .describe('Why its loader is not called at present'),
})

/** An entry with its value and everything that is known of it. */
export const entryData = z.strictObject({
  found: z.boolean(),
  value: z.unknown().describe('The value, or the default; null where it is hidden'),
  hidden: z.boolean().describe('Its space is secret: the value is never shown'),
  entry: entryRow
    .extend({ version: z.string(), load_seconds: amount })
    .nullable()
    .describe('null where the default was answered'),
  explanation,
})

/** Entries: looking at them, and changing them one at a time (rows B2, C4, F9). */
export const entryRoutes = {
  entryList: {
    id: 'entryList',
    method: 'GET',
    path: '/api/v1/entries',
    summary: 'Living entries of all tiers, each once; a page may be short and go on',
    role: 'viewer',
    tag: 'entries',
    tenantBound: true,
    query: z.strictObject({
      space: lineOf(100).optional(),
      params: lineOf(2_000)
        .optional()
        .describe('Parameters as in a query string, such as user_id=42&channel=web*; * stands for any text'),
      tag: lineOf(256).optional(),
      tenant: lineOf(256).optional(),
      cursor: lineOf(4_000).optional(),
      limit: queryNumber(1, 200, 50),
    }),
    data: pageOf(entryRow),
  },
  entryRead: {
    id: 'entryRead',
    method: 'GET',
    path: '/api/v1/entry',
    summary: 'One entry with its value; 404 where there is none and no default is given',
    role: 'operator',
    tag: 'entries',
    tenantBound: true,
    query: z.strictObject({
      key: keyText,
      default: z.string().max(100_000).optional().describe('JSON: the value to answer where there is none'),
    }),
    data: entryData,
  },
  entryExplain: {
    id: 'entryExplain',
    method: 'GET',
    path: '/api/v1/entry/explain',
    summary: 'What each tier has for a key, and what a read would do; also where there is nothing',
    role: 'viewer',
    tag: 'entries',
    tenantBound: true,
    query: z.strictObject({ key: keyText }),
    data: explanation,
  },
  entryWrite: {
    id: 'entryWrite',
    method: 'PUT',
    path: '/api/v1/entry',
    summary: 'Write one entry to every tier; 0, "", {} and null are values, and a TTL of 0 keeps nothing',
    role: 'operator',
    audit: 'entry.write',
    tag: 'entries',
    tenantBound: true,
    query: z.strictObject({ key: keyText }),
    body: z.strictObject({
      value: z.json(),
      ttl_seconds: z
        .number()
        .min(0)
        .max(3_155_760_000)
        .optional()
        .describe('Instead of the TTL of the space'),
      tags: z.array(lineOf(256)).max(100).optional(),
      model: lineOf(200).optional(),
      strategy: lineOf(200).optional(),
    }),
    data: z.strictObject({
      key: z.string(),
      space: z.string(),
      kept: z.boolean().describe('false where its life was 0'),
    }),
  },
  entryDelete: {
    id: 'entryDelete',
    method: 'DELETE',
    path: '/api/v1/entry',
    summary: 'Remove one entry from every tier; a load under way cannot bring it back',
    role: 'operator',
    audit: 'entry.delete',
    tag: 'entries',
    tenantBound: true,
    query: z.strictObject({ key: keyText }),
    data: z.strictObject({ key: z.string(), space: z.string(), deleted: z.boolean() }),
  },
} as const satisfies Record<string, Route>
