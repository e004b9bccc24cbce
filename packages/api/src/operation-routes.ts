import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

const operationResult = z.enum(['done', 'failed', 'refused'])
const moment = z.iso.datetime({ offset: true })
const position = queryNumber(1, 9_999_999_999, 0).unwrap()
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Give 64 hexadecimal digits')

const filter = {
  user: lineOf(100).optional().describe('User name'),
  action: lineOf(100).optional().describe('An action such as cache.clear, or a type such as cache'),
  result: operationResult.optional(),
  from: moment.optional(),
  to: moment.optional().describe('Before this moment'),
  text: lineOf(200).optional().describe('Somewhere in the row'),
}

/** A row of the operation log (row B9). */
export const operation = z.strictObject({
  position: count.describe('Its place in the chain; without gaps'),
  at: instant,
  action: z.string().describe('In two words with a dot; the first is its type'),
  user_id: z.string().nullable(),
  username: z.string().nullable(),
  tenant: z.string().nullable(),
  target: z.string(),
  details: z.record(z.string(), z.json()),
  result: operationResult,
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  duration_ms: z.number().nonnegative().nullable(),
  address: z.string().nullable(),
  request_id: z.string().nullable(),
  previous: z.string().describe('The hash of the row before'),
  hash: z.string().describe('SHA-256 of all the rest'),
})

/** Who did what (row B9). */
export const operationRoutes = {
  operations: {
    id: 'operations',
    method: 'GET',
    path: '/api/v1/operations',
    summary: 'The operation log, the newest first',
    role: 'admin',
    tag: 'operations',
    tenantBound: true,
    query: z.strictObject({
      ...filter,
      cursor: z
        .string()
        .regex(/^\d{1,15}$/, 'Give the next_cursor of the page before')
        .optional(),
      limit: queryNumber(1, 200, 50),
    }),
    data: z.strictObject({ items: z.array(operation), next_cursor: z.string().nullable() }),
  },
  operationStatistics: {
    id: 'operationStatistics',
    method: 'GET',
    path: '/api/v1/operations/statistics',
    summary: 'How many operations there were, by type, hour of the day (UTC) and result',
    role: 'admin',
    tag: 'operations',
    tenantBound: true,
    query: z.strictObject(filter),
    data: z.strictObject({
      total: count,
      success_rate: z.number().min(0).max(1).describe('Done, of all; 1 when there are none'),
      by_type: z.array(z.strictObject({ type: z.string(), count })),
      by_hour: z.array(z.strictObject({ hour: z.string().describe('00:00 to 23:00'), count })).length(24),
      by_result: z.strictObject({ done: count, failed: count, refused: count }),
    }),
  },
  operationExport: {
    id: 'operationExport',
    method: 'GET',
    path: '/api/v1/operations/export',
    summary: 'The operation log as CSV, the oldest first',
    role: 'admin',
    tag: 'operations',
    tenantBound: true,
    query: z.strictObject(filter),
    text: 'text/csv; charset=utf-8',
    audit: 'operations.export',
  },
  operationVerify: {
    id: 'operationVerify',
    method: 'GET',
    path: '/api/v1/operations/verify',
    summary: 'Whether the chain of the operation log is intact, and where it is not',
    role: 'admin',
    tag: 'operations',
    query: z
      .strictObject({ position: position.optional(), hash: hash.optional() })
      .refine((query) => (query.position === undefined) === (query.hash === undefined), {
        error: 'Give both position and hash of a row that was noted, or neither',
        path: ['hash'],
      }),
    data: z.strictObject({
      intact: z.boolean(),
      rows: count.describe('How many were looked at'),
      position: count.describe('Of the last row, or of the first that is not as it was written'),
      hash: z.string().nullable().describe('Of the last row: note it elsewhere, to be given at a later time'),
      reason: z.string().nullable(),
    }),
  },
  operationPrune: {
    id: 'operationPrune',
    method: 'DELETE',
    path: '/api/v1/operations',
    summary: 'Remove the oldest rows, up to one that was exported',
    role: 'admin',
    tag: 'operations',
    query: z.strictObject({ through: position, hash: hash.describe('Of the last row to be removed') }),
    data: z.strictObject({ through: count, hash: z.string(), rows: count }),
    audit: 'operations.prune',
  },
  operation: {
    id: 'operation',
    method: 'GET',
    path: '/api/v1/operations/:position',
    summary: 'One row of the operation log',
    role: 'admin',
    tag: 'operations',
    tenantBound: true,
    params: z.strictObject({ position }),
    data: z.strictObject({ operation }),
  },
} as const satisfies Record<string, Route>
