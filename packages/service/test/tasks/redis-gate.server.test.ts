import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { redisGate } from '../../src/tasks/redis/redis-gate.ts'
import { gateSuite } from './gate-suite.ts'

gateSuite(
  async () => {
    const client = new Redis(process.env['REPRISE_TEST_REDIS_URL'] ?? '')
    const prefix = `{gate-${randomUUID().slice(0, 8)}}`
    const empty = async (): Promise<void> => {
      const keys = await client.keys(`${prefix}:*`)
      if (keys.length > 0) await client.del(keys)
    }
    return {
      async open(settings) {
        await empty()
        return redisGate(client, prefix, settings)
      },
      async close() {
        await empty()
        client.disconnect()
      },
    }
  },
  { runs: 60 },
)
