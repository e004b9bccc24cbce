import { PGlite } from '@electric-sql/pglite'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { createFakeClock, logConformance, tierConformance } from '@reprise/cache/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEntries, removeEntries } from '../src/sql/statements.ts'

let database: PGlite
beforeAll(async () => {
  database = new PGlite()
  await database.waitReady
})
afterAll(async () => database.close())

let opened = 0

describe('sqlTier on PGlite', () => {
  const cases = tierConformance(async () => {
    const clock = createFakeClock()
    opened += 1
    const table = `entries_${opened}`
    return {
      tier: sqlTier({ database, clock, table }),
      clock,
      close: async () => void (await database.query(`DROP TABLE IF EXISTS ${table}`)),
    }
  })
  for (const { name, run } of cases) test(name, run)

  test('a document is readable with a SELECT', async () => {
    const tier = sqlTier({ database, clock: createFakeClock(), table: 'readable' })
    await tier.open()
    await tier.write([{ key: 'p:a', body: '{"name":"上海"}', createdAt: 1, expiresAt: Infinity }])
    const { rows } = await database.query("SELECT document::json ->> 'name' AS name FROM readable")
    expect(rows).toEqual([{ name: '上海' }])
  })

  test('keys are found by the index, also once the planner knows how large the table is', async () => {
    const tier = sqlTier({ database, clock: createFakeClock(), table: 'large' })
    await tier.open()
    await database.exec(`
      INSERT INTO large (key, document, bytes, created_at)
        SELECT 'p:' || n, repeat('x', 300), 300, 1 FROM generate_series(1, 2000) AS n;
      ANALYZE large`)
    const planOf = async (statement: string, parameters: readonly unknown[]): Promise<string> =>
      JSON.stringify((await database.query(`EXPLAIN ${statement}`, [...parameters])).rows)
    const read = await planOf(readEntries('large'), ['["p:7"]', 1])
    const removed = await planOf(removeEntries('large'), ['["p:7"]'])
    for (const plan of [read, removed]) {
      expect(plan).toContain('large_pkey')
      expect(plan).not.toContain('Seq Scan')
    }
    expect(await tier.remove(['p:7', 'p:none'])).toEqual(['p:7'])
    expect((await tier.read(['p:7', 'p:8'])).map((record) => record?.key)).toEqual([undefined, 'p:8'])
  })

  test('a table name that cannot stand in a statement is refused', () => {
    for (const table of ['', 'a b', 'a;b', 'A', '1a', 'a'.repeat(49)])
      expect(() => sqlTier({ database, table })).toThrow(/table is "/)
  })
})

describe('sqlLog on PGlite', () => {
  const cases = logConformance(async () => {
    opened += 1
    const table = `log_${opened}`
    return {
      log: (catalog) => sqlLog({ database, catalog, table }),
      close: async () => {
        await database.query(`DROP TABLE IF EXISTS ${table}`)
        await database.query(`DROP TABLE IF EXISTS ${table}_marks`)
      },
    }
  })
  for (const { name, run } of cases) test(name, run)
})
