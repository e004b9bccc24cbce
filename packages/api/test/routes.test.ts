import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Route, chatRequest, envelopeOf, errorEnvelope, roles, routes } from '../src/index.ts'

const rows: readonly (readonly [string, Route])[] = Object.entries(routes)

test.each(rows)('row %s is whole', (id, row) => {
  expect(row.id).toBe(id)
  expect(roles).toContain(row.role)
  expect(row.path).toMatch(/^\/[a-z0-9/:_-]*$/)
  expect(row.summary.length).toBeGreaterThan(5)
  expect([row.data, row.text].filter((answer) => answer !== undefined)).toHaveLength(1)
})

test('no two rows share a method and path', () => {
  const places = rows.map(([, { method, path }]) => `${method} ${path}`)
  expect(new Set(places).size).toBe(places.length)
})

const parts = rows.flatMap(([id, { query, body, params }]) =>
  Object.entries({ query, body, params }).flatMap(([part, schema]) =>
    schema === undefined ? [] : [[id, part, schema] as const],
  ),
)

test.each(parts)('%s refuses unknown fields in its %s', (_id, _part, schema) => {
  const codes = schema.safeParse({ nobody_knows_this: 1 }).error?.issues.map(({ code }) => code)
  expect(codes).toContain('unrecognized_keys')
})

test('the five documented routes have their paths, methods and bounds', () => {
  const places = rows
    .filter(([, { tag }]) => tag === 'cache')
    .map(([, { method, path }]) => `${method} ${path}`)
  expect(places).toEqual([
    'GET /api/cache/stats',
    'DELETE /api/cache/cleanup',
    'DELETE /api/cache/clear',
    'GET /api/cache/details',
    'GET /api/cache/backend-info',
  ])
  expect(routes.cacheCleanup.query.parse({})).toEqual({ days: 7 })
  expect(routes.cacheDetails.query.parse({ page: '3' })).toEqual({ page: 3, page_size: 20 })
  for (const days of ['0', '31', '-1', '7.5', '', ' 7', '0x7', '1e1', ['1', '2'], true, null]) {
    expect(routes.cacheCleanup.query.safeParse({ days }).success).toBe(false)
  }
})

test('a chat message has its text under exactly one of two names', () => {
  const base = { user_id: 'u' }
  expect(chatRequest.safeParse({ ...base, input: 'a\nb' }).success).toBe(true)
  expect(chatRequest.safeParse({ ...base, message: '你好 👋' }).success).toBe(true)
  expect(chatRequest.safeParse(base).success).toBe(false)
  expect(chatRequest.safeParse({ ...base, input: 'a', message: 'a' }).success).toBe(false)
  const wide = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}`, 1]))
  expect(chatRequest.safeParse({ ...base, input: 'a', context: { device_info: wide } }).success).toBe(false)
})

test.each(['a\0', 'a\u001b', 'a\u0085', '\ud800', '', 'x'.repeat(101)])('%j is no user id', (user_id) => {
  expect(chatRequest.safeParse({ user_id, input: 'a' }).success).toBe(false)
})

test('the envelope wants a time with its zone offset', () => {
  const schema = envelopeOf(z.number())
  const envelope = { success: true, data: 1, message: 'm', request_id: 'r' }
  expect(schema.safeParse({ ...envelope, timestamp: '2026-11-21T08:26:18.123+08:00' }).success).toBe(true)
  expect(schema.safeParse({ ...envelope, timestamp: '2026-11-21T08:26:18.123' }).success).toBe(false)
  expect(schema.safeParse({ ...envelope, timestamp: '2026-11-21T08:26:18Z', stack: '' }).success).toBe(false)
  expect(errorEnvelope.safeParse({ ...envelope, timestamp: '2026-11-21T08:26:18Z' }).success).toBe(false)
})
