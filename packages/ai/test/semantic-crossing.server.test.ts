import { createCache, defineCatalog } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { assert, asyncProperty } from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, expect, test } from 'vitest'
import { modelCallSpace } from '../src/spaces.ts'
import { askingOver, stepsIn, takeSteps } from './semantic-crossing-rig.ts'
import { lyingStore } from './semantic-rig.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `semantic-crossing-${process.pid}`
const store = lyingStore()

async function openProcess() {
  const shared = redisShared({ url, prefix, descriptor: 'questions', deadline: '10s' })
  const spaces = [modelCallSpace({ ttl: '1h', consistency: 'strict' })]
  return askingOver(
    await createCache({ catalog: defineCatalog({ prefix, spaces }), shared, sweepEvery: 0 }),
    store,
  )
}
const processes = [await openProcess(), await openProcess()]

afterAll(async () => {
  await Promise.all(processes.map(async ({ cache }) => cache.close()))
  const redis = new Redis(url)
  const keys = await redis.keys(`*${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  await redis.quit()
})

test('what one process invalidates or answers anew, no other finds by likeness from then on', async () => {
  let run = 0
  let hits = 0
  await assert(
    asyncProperty(stepsIn(2), async (steps) => {
      run += 1
      hits += await takeSteps(processes, steps, `-${run}`)
    }),
    { numRuns: 12 },
  )
  expect(hits).toBeGreaterThan(0)
})
