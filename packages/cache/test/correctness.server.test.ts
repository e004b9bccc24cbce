import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowResult } from '../src/testing/correctness/row.ts'
import { type CorrectnessOptions, runRow } from '../src/testing/correctness/stage.ts'
import { correctnessRows } from '../src/testing/correctness/suite.ts'
import { type OwnCluster, startCluster } from './redis-cluster.ts'
import { type OwnRedis, startOwnRedis } from './redis-server.ts'

const adapter = new URL('../src/testing/correctness/reprise.ts', import.meta.url).href

describe('the correctness suite on Reprise', () => {
  let freezable: OwnRedis
  let cluster: OwnCluster
  let options: CorrectnessOptions
  beforeAll(async () => {
    ;[freezable, cluster] = await Promise.all([startOwnRedis(), startCluster()])
    options = {
      adapter,
      redisUrl: process.env['REPRISE_TEST_REDIS_URL'] ?? freezable.url,
      freezable,
      cluster: cluster.addresses,
      execArgv: ['--conditions=@reprise/source', '--import', 'tsx'],
    }
  })
  afterAll(async () => {
    await Promise.all([freezable.stop(), cluster.stop()])
  })

  test.each(correctnessRows.map((row) => [row.title, row] as const))(
    '%s',
    async (_, row) => {
      const result: RowResult = await runRow(row, options)
      expect(result).toEqual({ row: row.id, passed: true, measured: result.measured })
    },
    40_000,
  )
})

test('a cache that does not keep a promise fails its row', async () => {
  const [row] = correctnessRows.filter(({ id }) => id === 'mutation')
  if (row === undefined) expect.unreachable('the row is there')
  const careless = new URL('correctness-careless.ts', import.meta.url).href
  const result = await runRow(row, { adapter: careless, redisUrl: '' })
  expect(result).toMatchObject({ passed: false, measured: expect.stringContaining('changed') })
  const tags = correctnessRows.find(({ needs }) => needs.includes('tags'))
  if (tags === undefined) expect.unreachable('the row is there')
  expect(await runRow(tags, { adapter: careless, redisUrl: '' })).toEqual({
    row: tags.id,
    passed: 'not offered',
    measured: 'no tags',
  })
})
