import { type Database, migrate, openDatabase } from '@reprise/database'
import * as fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { canonicalJson, hashOf } from '../src/operations/chain.ts'
import type { OperationRow } from '../src/operations/operation.ts'
import { type Operations, openOperations } from '../src/operations/operations.ts'
import { boundedDetails, cleanText } from '../src/operations/redact.ts'

const database: Database = await openDatabase({})
await migrate(database, { directory: new URL('../migrations/', import.meta.url), set: 'service' })
let operations: Operations
beforeEach(async () => {
  await database.script(`
    delete from service_operations;
    update service_operation_chain set position = 0, hash = repeat('0', 64), anchor_position = 0, anchor_hash = repeat('0', 64)`)
  operations = openOperations(database, { now: () => 1_763_700_000_123 })
})
afterAll(async () => database.close())

async function rows(): Promise<readonly OperationRow[]> {
  return (await database.query<OperationRow>('select * from service_operations order by position')).rows
}

const clear = { action: 'cache.clear', result: 'done' } as const

test('rows stand one after another, each with the hash of the one before', async () => {
  await operations.record(clear)
  await operations.record({ ...clear, target: 'b', user: { id: '7', username: 'ann', tenant: 'north' } })
  const [first, second] = await rows()
  expect(first).toMatchObject({ position: 1, previous: '0'.repeat(64), at: new Date(1_763_700_000_123) })
  expect(second).toMatchObject({ position: 2, previous: first?.hash, username: 'ann', tenant: 'north' })
  for (const row of await rows()) expect(hashOf(row)).toBe(row.hash)
})

test('what many give at once is written together, without a gap', async () => {
  await Promise.all(
    Array.from({ length: 500 }, async (_, index) => operations.record({ ...clear, target: `${index}` })),
  )
  const written = await rows()
  expect(written.map(({ position }) => position)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  )
  expect(written.map(({ target }) => Number(target))).toEqual(written.map(({ position }) => position - 1))
  expect(written.slice(1).map(({ previous }) => previous)).toEqual(
    written.slice(0, -1).map(({ hash }) => hash),
  )
})

test('a row in a transaction is there exactly when the transaction is', async () => {
  const failed = database.transaction(async (transaction) => {
    await operations.record(clear, transaction)
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  expect(await rows()).toEqual([])
  await database.transaction(async (transaction) => operations.record(clear, transaction))
  expect(await rows()).toMatchObject([{ position: 1 }])
})

test('whatever the details are, the row can be written, and its hash holds when it is read again', async () => {
  const anything = fc.dictionary(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
  )
  const text = fc.string({ unit: 'binary', maxLength: 600 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(anything, text), { maxLength: 5 }), async (samples) => {
      await Promise.all(
        samples.map(async ([details, target]) =>
          operations.record({ ...clear, details, target, error: target, duration: 1.25 }),
        ),
      )
    }),
    { numRuns: 100 },
  )
  for (const row of await rows()) expect(hashOf(row)).toBe(row.hash)
})

test('JSON has one form, whatever the order of its names', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, A: new Date(0) })).toBe(
    '{"A":"1970-01-01T00:00:00.000Z","b":[1,{"c":"x","d":null}]}',
  )
})

test('secrets are blotted out by name and by look; counts of tokens are not', () => {
  const details = {
    password: 'a',
    current_password: 'a',
    apiKey: 'a',
    body: { access_token: 'a', headers: [{ Authorization: 'a' }], max_tokens: 100, token: 7 },
    url: 'redis://me:hunter2@127.0.0.1:6379/0',
    text: 'sent Bearer abcdefghijk and eyJhbGciOiJIUzI1.eyJzdWIi.c2ln to it',
    must_change_password: true,
  }
  expect(boundedDetails(details)).toEqual({
    password: '[redacted]',
    current_password: '[redacted]',
    apiKey: '[redacted]',
    body: {
      access_token: '[redacted]',
      headers: [{ Authorization: '[redacted]' }],
      max_tokens: 100,
      token: '[redacted]',
    },
    url: 'redis://me:[redacted]@127.0.0.1:6379/0',
    text: 'sent [redacted] and [redacted] to it',
    must_change_password: true,
  })
})

test('details are bounded, however much was sent', () => {
  const wide = { list: Array.from({ length: 1000 }, (_, index) => index), long: 'x'.repeat(10_000) }
  const { list, long } = boundedDetails(wide)
  expect(list).toHaveLength(51)
  expect(long).toHaveLength(500)
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [index, 'x'.repeat(400)]))
  expect(boundedDetails(many)).toEqual({ cut: expect.stringMatching(/^2\d{4} bytes/) })
  expect(cleanText('a\0b\ud800', 10)).toBe('a�b�')
})
