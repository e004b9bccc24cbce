import { openDatabase } from '@reprise/database'
import { expect, it } from 'vitest'
import { checkDatabase } from '../src/cli/doctor/check-database.ts'
import { checkRedis } from '../src/cli/doctor/check-redis.ts'

it('finds a real Redis in order', async () => {
  const findings = await checkRedis(process.env['REPRISE_TEST_REDIS_URL'] ?? '')
  expect(findings.map(({ check }) => check)).toEqual([
    'redis',
    'redis version',
    'redis eviction',
    'redis memory',
    'redis clients',
    'redis persistence',
    'redis clock',
  ])
  expect(findings.filter(({ state }) => state === 'failed')).toEqual([])
})

it('warns where row-level security does not bind the user of a real PostgreSQL', async () => {
  const database = await openDatabase({ url: process.env['REPRISE_TEST_DATABASE_URL'] ?? '' })
  const findings = await checkDatabase(database)
  await database.close()
  expect(findings.find(({ check }) => check === 'database clock')?.state).toBe('ok')
  expect(findings.find(({ check }) => check === 'database user')).toMatchObject({
    state: 'warning',
    seen: 'row-level security does not bind it',
  })
})
