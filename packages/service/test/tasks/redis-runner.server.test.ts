import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
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
