import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { redisRunner } from '../../src/tasks/redis/redis-runner.ts'
import { runnerSuite } from './runner-suite.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''

runnerSuite(async () => {
  const prefix = `tasks-${randomUUID().slice(0, 8)}`
  return {
    open: (options) => redisRunner({ url, prefix, ...options }),
    async close() {
      const client = new Redis(url)
      const keys = await client.keys(`{${prefix}}:*`)
      if (keys.length > 0) await client.del(keys)
      client.disconnect()
    },
  }
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
