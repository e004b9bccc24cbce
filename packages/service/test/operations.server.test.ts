import type { Database } from '@reprise/database'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Operations, openOperations } from '../src/operations/operations.ts'
import { type TestSchema, createTestSchema } from './postgres-schema.ts'

let schema: TestSchema
let databases: readonly [Database, Database]
let logs: readonly [Operations, Operations]
beforeAll(async () => {
  schema = await createTestSchema('operations')
  databases = [await schema.open(), await schema.open()]
  const [one, other] = databases.map((database) => openOperations(database, { now: Date.now }))
  logs = [one as Operations, other as Operations]
  await databases[0].script('create table counters (name text primary key, value integer not null)')
  await databases[0].script(`insert into counters values ('a', 0), ('b', 0)`)
})
afterAll(async () => schema.drop())

test('two processes write one chain, alone and in transactions, some of which fail', async () => {
  const raise = async (process: 0 | 1, index: number): Promise<boolean> => {
    const name = index % 2 === 0 ? 'a' : 'b'
    const work = databases[process].transaction(async (transaction) => {
      await transaction.query('update counters set value = value + 1 where name = $1', [name])
      await logs[process].record({ action: 'counter.raise', target: name, result: 'done' }, transaction)
      if (index % 7 === 0) throw new Error('changed my mind')
    })
    return work.then(
      () => true,
      () => false,
    )
  }
  const alone = async (process: 0 | 1): Promise<void> =>
    logs[process].record({ action: 'counter.look', result: 'done' })
  const done = await Promise.all([
    ...Array.from({ length: 100 }, async (_, index) => raise((index % 2) as 0 | 1, index)),
    ...Array.from({ length: 200 }, async (_, index) => alone((index % 2) as 0 | 1)),
  ])
  const raised = done.filter((result) => result === true).length
  const { rows } = await databases[0].query<{ total: number }>(
    'select sum(value)::integer as total from counters',
  )
  expect(raised).toBe(85)
  expect(rows).toEqual([{ total: raised }])
  expect(await logs[1].verify()).toMatchObject({ intact: true, rows: 200 + raised })
  expect((await logs[0].count({ action: 'counter.raise' })).type).toEqual({ counter: raised })
})

test('rows that others add, or prune, while the chain is walked are no breach', async () => {
  await Promise.all(
    Array.from({ length: 2500 }, async () => logs[0].record({ action: 'counter.look', result: 'done' })),
  )
  const [row] = await logs[0].newest({}, { before: 2000, limit: 1 })
  const [verdict] = await Promise.all([
    logs[1].verify(),
    logs[0].prune({
      mark: { position: row?.position ?? 0, hash: row?.hash ?? '' },
      before: new Date(Date.now() + 60_000),
      record: async (pruned, transaction) =>
        logs[0].record({ action: 'operations.prune', details: pruned, result: 'done' }, transaction),
    }),
    logs[0].record({ action: 'counter.look', result: 'done' }),
  ])
  expect(verdict.intact).toBe(true)
  expect(await logs[1].verify()).toMatchObject({ intact: true })
})

test('whatever the details are, the hash holds when PostgreSQL gives them back', async () => {
  const anything = fc.dictionary(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.anything({ withDate: true }),
  )
  await fc.assert(
    fc.asyncProperty(anything, async (details) =>
      logs[0].record({ action: 'counter.look', details, result: 'done' }),
    ),
    { numRuns: 200 },
  )
  expect((await logs[0].verify()).intact).toBe(true)
})
