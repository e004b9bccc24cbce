import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { createFakeClock, logConformance, tierConformance } from '@reprise/cache/testing'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const schema = `sql_tier_server_${process.pid}`
const pool = new Pool({
  connectionString: process.env['REPRISE_TEST_DATABASE_URL'],
  options: `-c search_path=${schema}`,
  max: 8,
})
beforeAll(async () => void (await pool.query(`CREATE SCHEMA ${schema}`)))
afterAll(async () => {
  await pool.query(`DROP SCHEMA ${schema} CASCADE`)
  await pool.end()
})

let opened = 0
const nextTable = (): string => `t_${(opened += 1)}`

describe('sqlTier on PostgreSQL', () => {
  const cases = tierConformance(async () => {
    const clock = createFakeClock()
    return { tier: sqlTier({ database: pool, clock, table: nextTable() }), clock, close: async () => {} }
  })
  for (const { name, run } of cases) test(name, run)

  test('many processes can open one table at once', async () => {
    const table = nextTable()
    const tiers = Array.from({ length: 8 }, () => sqlTier({ database: pool, table }))
    await Promise.all(tiers.map(async (tier) => tier.open()))
    await Promise.all(tiers.map(async (tier) => tier.ping()))
    expect((await pool.query(`SELECT count(*)::int AS n FROM ${table}`)).rows).toEqual([{ n: 0 }])
  })
})

describe('sqlLog on PostgreSQL', () => {
  const cases = logConformance(async () => {
    const table = nextTable()
    return { log: (catalog) => sqlLog({ database: pool, catalog, table }), close: async () => {} }
  })
  for (const { name, run } of cases) test(name, run)
})
