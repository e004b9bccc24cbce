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

/** Writes rows 1 to `count`. */
async function write(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, async () => operations.record(clear)))
}

async function markOf(position: number): Promise<{ position: number; hash: string }> {
  return { position, hash: (await operations.get(position))?.hash ?? '' }
}

/** Removes rows up to one, which tells of it. */
async function prune(position: number) {
  return operations.prune({
    mark: await markOf(position),
    before: new Date(1_763_700_000_124),
    record: async (pruned, transaction) =>
      operations.record({ action: 'operations.prune', details: pruned, result: 'done' }, transaction),
  })
}

test('an untouched chain is intact, also over several pages', async () => {
  expect(await operations.verify()).toMatchObject({ intact: true, rows: 0, end: { position: 0 } })
  await write(2300)
  const verdict = await operations.verify()
  expect(verdict).toMatchObject({ intact: true, rows: 2300, end: await markOf(2300) })
})

const last = `update service_operation_chain set position = 4, hash = (select hash from service_operations where position = 4)`

test.each<[string, string, number, string]>([
  ['a changed user', `update service_operations set username = 'bob' where position = 3`, 3, 'was changed'],
  [
    'a changed detail',
    `update service_operations set details = '{"removed": 1}' where position = 3`,
    3,
    'was changed',
  ],
  [
    'a changed time',
    `update service_operations set at = at + interval '1 ms' where position = 1`,
    1,
    'was changed',
  ],
  [
    'a changed hash',
    `update service_operations set hash = repeat('a', 64) where position = 3`,
    3,
    'was changed',
  ],
  ['a removed row', `delete from service_operations where position = 3`, 3, 'is missing'],
  ['the first row removed', `delete from service_operations where position = 1`, 1, 'is missing'],
  ['the last row removed', `delete from service_operations where position = 5`, 5, 'is missing'],
  [
    'a removed row, those after it moved up',
    `delete from service_operations where position = 3;
     update service_operations set position = position - 1 where position > 3;
     update service_operation_chain set position = 4`,
    3,
    'does not follow the row before it',
  ],
  [
    'two rows exchanged',
    `update service_operations set position = -1 where position = 2;
     update service_operations set position = 2 where position = 3;
     update service_operations set position = 3 where position = -1`,
    2,
    'does not follow the row before it',
  ],
  [
    'a row put in at the end',
    `insert into service_operations select 6, at, action, user_id, username, tenant, target, details, result, status,
       error, duration_ms, address, request_id, previous, hash from service_operations where position = 5`,
    6,
    'was put in after the end of the chain',
  ],
  [
    'the beginning cut off, and the anchor moved',
    `delete from service_operations where position < 3;
     update service_operation_chain set anchor_position = 2,
       anchor_hash = (select previous from service_operations where position = 3)`,
    3,
    'is the first one, and no row tells that those before it were pruned',
  ],
  ['everything removed', `delete from service_operations`, 1, 'is missing'],
])('%s is found', async (_, tampering, position, reason) => {
  await write(5)
  await database.script(tampering)
  expect(await operations.verify()).toMatchObject({ intact: false, position, reason })
})

test('what was written anew to the end is found by a witness that was noted elsewhere', async () => {
  await write(5)
  const witness = await markOf(5)
  await database.script(`delete from service_operations where position = 5; ${last}`)
  expect((await operations.verify()).intact).toBe(true)
  expect(await operations.verify(witness)).toMatchObject({
    intact: false,
    position: 5,
    reason: 'was cut off: there was a row 5',
  })
  await operations.record({ ...clear, target: 'something else' })
  expect((await operations.verify()).intact).toBe(true)
  expect(await operations.verify(witness)).toMatchObject({
    position: 5,
    reason: 'is not the row that was noted',
  })
  expect((await operations.verify(await markOf(4))).intact).toBe(true)
})

test('pruned rows leave a chain that begins later, and a row that tells of it', async () => {
  await write(10)
  expect(await prune(4)).toMatchObject({ through: 4, rows: 4 })
  expect((await rows()).map(({ position }) => position)).toEqual([5, 6, 7, 8, 9, 10, 11])
  expect(await operations.verify()).toMatchObject({ intact: true, rows: 7, end: { position: 11 } })
  await prune(7)
  expect(await operations.verify()).toMatchObject({ intact: true, rows: 5, end: { position: 12 } })
})

test('only rows whose hash is known, that are old enough and untouched are pruned', async () => {
  await write(5)
  const mark = await markOf(3)
  const record = async () => undefined
  const soon = new Date(1_763_700_000_124)
  for (const [options, message] of [
    [{ mark: { ...mark, hash: '0'.repeat(64) }, before: soon, record }, /not the hash of row 3/],
    [{ mark, before: new Date(1_763_700_000_123), record }, /kept until/],
    [{ mark: { position: 9, hash: mark.hash }, before: soon, record }, /There is no row 9/],
  ] as const) {
    await expect(operations.prune(options)).rejects.toThrow(message)
  }
  await database.query(`update service_operations set target = 'x' where position = 2`)
  await expect(operations.prune({ mark, before: soon, record })).rejects.toThrow(/Row 2 was changed/)
  expect(await rows()).toHaveLength(5)
})
