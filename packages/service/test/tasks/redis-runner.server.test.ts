import { randomUUID } from 'node:crypto'
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { redisRunner } from '../../src/tasks/redis/redis-runner.ts'
import { runnerSuite } from './runner-suite.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''

runnerSuite(async () => {
  const prefix = `tasks-${randomUUID().slice(0, 8)}`
  return {
    open: (options) => redisRunner({ url, prefix, ...options }),
    async close() {
      const client = new Redis(url)
      const keys = await client.keys(`*${prefix}*`)
      if (keys.length > 0) await client.del(keys)
      client.disconnect()
      // Those of BullMQ, too: what one step touches is in one slot of a Cluster.
      const stray = keys.filter((key) => !key.startsWith(`{${prefix}}:`))
      if (stray.length > 0) throw new Error(`${stray.join(', ')} may be in other slots`)
    },
  }
})

test('the documented keys hold what they say, for any user id, and clearing the cache leaves them alone', async () => {
  const prefix = `keys-${randomUUID().slice(0, 8)}`
  const client = new Redis(url)
  const runner = await redisRunner({ url, prefix })
  const quote = defineSpace({ name: 'quote', key: 'quote:{symbol}', schema: z.number(), ttl: '1h' })
  const cache = await createCache({
    catalog: defineCatalog({ prefix, spaces: [quote] }),
    shared: redisShared({ url, prefix, descriptor: 'keys', deadline: '2s' }),
    sweepEvery: 0,
  })
  await cache.open(quote).set({ symbol: 's' }, 1)
  const tasks = ['t1', 't2', 't3'].map((id) => ({ id, kind: 'k', input: { id }, maxTries: 1 }))
  await runner.gate.enqueue({ user: 'a:b{c}*', username: 'ann', tasks, batch: 'n1' })
  const [claim = { id: '', attempt: 0 }] = await runner.gate.release(1)
  await runner.gate.start(claim)
  await runner.gate.beat(claim, { done: 1, total: 2, steps: [] })
  expect(await cache.clear()).toMatchObject({ removed: 1 })
  expect(await cache.entries()).toMatchObject({ total: 0 })
  const sorted = (key: string) => client.zrange(`{${prefix}}:${key}`, '0', '-1')
  expect(await sorted('user:a%3Ab%7Bc%7D*:pending')).toEqual(['t2', 't3'])
  expect(await sorted('user:a%3Ab%7Bc%7D*:processing')).toEqual(['t1'])
  expect(await sorted('global:pending')).toEqual(['t2', 't3'])
  expect(JSON.parse((await client.get(`{${prefix}}:task:t1:progress`)) ?? '')).toMatchObject({
    done: 1,
    total: 2,
  })
  expect(await client.lrange(`{${prefix}}:batch:n1:tasks`, 0, -1)).toEqual(['t1', 't2', 't3'])
  expect(await client.hmget(`{${prefix}}:task:t1`, 'kind', 'status', 'batch')).toEqual([
    'k',
    'processing',
    'n1',
  ])
  await cache.close()
  await runner.close()
  const keys = await client.keys(`*${prefix}*`)
  await client.del(keys)
  client.disconnect()
})

test('a server that is not there is told as such, and orders are refused without waiting for ever', async () => {
  const runner = await redisRunner({ url: 'redis://127.0.0.1:1', prefix: 'nowhere' })
  const order = { user: 'ann', username: 'ann', tasks: [{ id: 'a', kind: 'k', input: {}, maxTries: 1 }] }
  await expect(runner.gate.enqueue(order)).rejects.toMatchObject({ code: 'E_TASKS_STORE', status: 503 })
  await expect(runner.gate.find('a')).rejects.toMatchObject({ code: 'E_TASKS_STORE', retryable: true })
  await runner.close()
  await expect(redisRunner({ prefix: 'nowhere' })).rejects.toThrow('Neither url nor connect')
  await expect(redisRunner({ url: 'redis://127.0.0.1:1', prefix: '{a}' })).rejects.toThrow('without braces')
})
