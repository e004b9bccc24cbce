import { afterAll, beforeAll, describe, it } from 'vitest'
import { type OwnCluster, startCluster } from './redis-cluster.ts'
import { redisSetup } from './redis-setup.ts'
import { sharedConformance } from './shared-conformance.ts'

describe('the shared store on one Redis', () => {
  for (const { name, run } of sharedConformance(() =>
    redisSetup({ url: process.env['REPRISE_TEST_REDIS_URL'] ?? '' }),
  ))
    it(name, run)
})

describe('the shared store on a Cluster of three masters', () => {
  let cluster: OwnCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.stop())
  for (const { name, run } of sharedConformance(() => redisSetup({ cluster: cluster.addresses })))
    it(name, run)
})
