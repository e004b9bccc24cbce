import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

const document = z.record(z.string(), z.json())
const page = { page: queryNumber(1, 1_000_000, 1), page_size: queryNumber(1, 200, 50) }
const paged = { total: count, page: count, page_size: count }
const logType = z.enum(['api_call', 'security_audit', 'performance', 'error'])

/** A booking that the assistant made, or tried to make. */
export const booking = z.strictObject({
  idempotency_key: z.string(),
  function_name: z.string(),
  session_id: z.string().nullable(),
  user_id: z.string(),
  params: document,
  status: z.enum(['started', 'confirmed', 'failed']),
  result: document.nullable(),
  error: z.string().nullable(),
  booking_type: z.string(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  cost_center: z.string().nullable(),
  department: z.string().nullable(),
  approval_status: z.enum(['auto_approved', 'pending_approval', 'approved', 'rejected']).nullable(),
  started_at: instant,
  finished_at: instant.nullable(),
})

/** What really happened, counted, and the logs of it (rows A11–A15, A21, A23); the application mounts the handlers. */
export const figureRoutes = {
  systemFigures: {
    id: 'systemFigures',
    method: 'GET',
    path: '/api/v1/stats/system',
    summary: 'Live figures of system, recognition, calls and enterprise, over all processes',
    role: 'operator',
    tag: 'figures',
    data: document,
  },
  enterpriseFigures: {
    id: 'enterpriseFigures',
    method: 'GET',
    path: '/api/v1/stats/enterprise',
    summary: 'Who of the enterprise is active, and with what',
    role: 'operator',
    tag: 'figures',
    data: document,
  },
  costCenterFigures: {
    id: 'costCenterFigures',
    method: 'GET',
    path: '/api/v1/stats/cost-centers/:code',
    summary: "A cost centre's day",
    role: 'operator',
    tag: 'figures',
    params: z.strictObject({ code: lineOf(40) }),
    query: z.strictObject({ day: z.iso.date().optional().describe('Today when absent') }),
    data: document,
  },
  cacheFigures: {
    id: 'cacheFigures',
    method: 'GET',
    path: '/api/v1/stats/cache',
    summary: 'This hour of the cache by kind of key, over all processes',
    role: 'operator',
    tag: 'figures',
    data: document,
  },
  userFigures: {
    id: 'userFigures',
    method: 'GET',
    path: '/api/v1/stats/users/:user_id',
    summary: 'The sessions of one user',
    role: 'operator',
    tag: 'figures',
    params: z.strictObject({ user_id: lineOf(100) }),
    data: document,
  },
  document: {
    id: 'document',
    method: 'GET',
    path: '/api/v1/admin/document',
    summary: 'The document at a key of the cache contract, made if it is not there and can be',
    role: 'admin',
    tag: 'figures',
    query: z.strictObject({ key: lineOf(1024) }),
    data: z.strictObject({ key: z.string(), template: z.string(), document: z.json() }),
  },
  logs: {
    id: 'logs',
    method: 'GET',
    path: '/api/v1/admin/logs/:log_type',
    summary: 'Asynchronous logs of one kind, the newest first, and how their queue is doing',
    role: 'admin',
    tag: 'figures',
    params: z.strictObject({ log_type: logType }),
    query: z.strictObject(page),
    data: z.strictObject({ status: document, logs: z.array(document), ...paged }),
  },
  bookings: {
    id: 'bookings',
    method: 'GET',
    path: '/api/v1/admin/bookings',
    summary: 'Bookings, the newest first',
    role: 'operator',
    tag: 'figures',
    query: z.strictObject({
      ...page,
      approval: z.enum(['auto_approved', 'pending_approval', 'approved', 'rejected']).optional(),
      user_id: lineOf(100).optional(),
    }),
    data: z.strictObject({ bookings: z.array(booking), ...paged }),
  },
  bookingApproval: {
    id: 'bookingApproval',
    method: 'POST',
    path: '/api/v1/admin/bookings/approval',
    summary: 'Approve or reject a booking that waits for it',
    role: 'operator',
    tag: 'figures',
    audit: 'bookings.approval',
    body: z.strictObject({ idempotency_key: lineOf(200), decision: z.enum(['approved', 'rejected']) }),
    data: z.strictObject({ idempotency_key: z.string(), approval_status: z.string() }),
  },
} as const satisfies Record<string, Route>
