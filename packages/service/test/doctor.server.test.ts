import { openDatabase } from '@reprise/database'
import { Redis } from 'ioredis'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkDatabase } from '../src/cli/doctor/check-database.ts'
import { checkRedis } from '../src/cli/doctor/check-redis.ts'
import { runProgram } from '../src/cli/program.ts'
import { speak } from './speak.ts'

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

it('`reprise bench` times round trips and leaves nothing behind', async () => {
  const redisUrl = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  const application = join(folder, 'app.mjs')
  writeFileSync(application, 'export default { name: "shop", open() {} }')
  const env = {
    REDIS_URL: redisUrl,
    DATABASE_URL: process.env['REPRISE_TEST_DATABASE_URL'] ?? '',
    DATA_DIR: folder,
  }
  const { io, said } = speak({ cwd: folder, env })
  expect(await runProgram(['bench', '--times', '50', '--application', application, '--json'], io)).toBe(0)
  const rows = JSON.parse(said().out) as { what: string; times: number; median: number; p99: number }[]
  expect(rows.map(({ what, times }) => [what, times])).toEqual([
    ['redis: SET of 1 KiB', 50],
    ['redis: GET of 1 KiB', 50],
    ['database: select 1', 50],
  ])
  for (const { median, p99 } of rows) expect(p99).toBeGreaterThanOrEqual(median)
  const redis = new Redis(redisUrl)
  expect(await redis.keys('reprise-bench:*')).toEqual([])
  await redis.quit()
})
