/** One process of a cluster under test: works off tasks, and writes each start and end to one Redis list, in one order. */
import { openDatabase } from '@reprise/database'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { defineTaskKinds } from '../../../src/tasks/kind.ts'
import { redisRunner } from '../../../src/tasks/redis/redis-runner.ts'
import type { TaskRunner } from '../../../src/tasks/runner.ts'
import type { GateOptions } from '../../../src/tasks/settings.ts'
import { databaseRunner } from '../../../src/tasks/sql/database-runner.ts'
import { createWorker } from '../../../src/tasks/worker.ts'

/** What a process is started with. */
export interface Setup {
  readonly redis: string
  /** Tasks are in PostgreSQL instead of Redis. */
  readonly database?: string
  readonly prefix: string
  readonly options: GateOptions
  readonly concurrency: number
  /** Its tasks begin and never end: what it runs, it still runs when it is killed. */
  readonly stuck?: boolean
}

const setup = JSON.parse(process.argv[2] ?? '{}') as Setup
const { redis, database, prefix, options, concurrency, stuck = false } = setup
const client = new Redis(redis)
const opened = database === undefined ? undefined : await openDatabase({ url: database })
const runner: TaskRunner =
  opened === undefined
    ? await redisRunner({ url: redis, prefix, ...options })
    : databaseRunner({ database: opened, ...options })

const kinds = defineTaskKinds([
  {
    name: 'work',
    summary:
      'Notes that it began, takes a moment, and has an effect that is the same however often it is done',
    maxTries: 100,
    input: z.strictObject({ takes: z.number() }),
    async run({ takes }: { takes: number }, { id, user, signal, tries }) {
      const word = { task: id, user: user.id, pid: process.pid, tries }
      await client.rpush(`${prefix}:story`, JSON.stringify({ ...word, say: 'start' }))
      try {
        if (takes > 0 || stuck) {
          await new Promise<void>((resolve, reject) => {
            const timer = setTimeout(resolve, stuck ? 3_600_000 : takes)
            signal.addEventListener('abort', () => {
              clearTimeout(timer)
              reject(signal.reason as Error)
            })
          })
        }
        await client.sadd(`${prefix}:effects`, id)
      } finally {
        await client.rpush(`${prefix}:story`, JSON.stringify({ ...word, say: 'end' }))
      }
      return null
    },
  },
])
const worker = await createWorker({ runner, kinds, concurrency, sweepEvery: 50 })

process.on('message', () => {
  void worker.stop(5_000).then(async () => {
    await runner.close()
    await opened?.close()
    client.disconnect()
    process.disconnect()
  })
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
