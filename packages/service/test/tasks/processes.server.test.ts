/** Four worker processes, killed and started again in the middle: limits hold, nothing is lost, nothing is done twice in effect. */
import { randomUUID } from 'node:crypto'
import type { Database } from '@reprise/database'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { redisRunner } from '../../src/tasks/redis/redis-runner.ts'
import type { TaskRunner } from '../../src/tasks/runner.ts'
import { databaseRunner } from '../../src/tasks/sql/database-runner.ts'
import { type TestSchema, createTestSchema } from '../postgres-schema.ts'
import { type Process, startWorker } from './processes/start.ts'
import type { Setup } from './processes/worker.ts'
import { type Line, readStory } from './story.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
let client: Redis
let schema: TestSchema
let database: Database
let prefix: string
let processes: Process[]
let runner: TaskRunner | undefined
let setup: Setup

beforeAll(async () => {
  client = new Redis(url)
  schema = await createTestSchema('task_processes')
  database = await schema.open()
})
afterAll(async () => {
  client.disconnect()
  await schema.drop()
})
beforeEach(() => {
  prefix = `work-${randomUUID().slice(0, 8)}`
  processes = []
})
afterEach(async () => {
  await Promise.all(processes.map((one) => one.stop()))
  await runner?.close()
  runner = undefined
  await database.script('truncate service_tasks, service_task_batches, service_task_users')
  const keys = [...(await client.keys(`{${prefix}}:*`)), ...(await client.keys(`${prefix}:*`))]
  if (keys.length > 0) await client.del(keys)
})

async function start(
  store: 'redis' | 'database',
  { count, options, ...how }: Pick<Setup, 'concurrency' | 'options' | 'stuck'> & { count: number },
): Promise<TaskRunner> {
  setup = { redis: url, prefix, options, ...how, ...(store === 'redis' ? {} : { database: schema.url }) }
  runner =
    store === 'redis'
      ? await redisRunner({ url, prefix, ...options })
      : databaseRunner({ database, ...options })
  processes = await Promise.all(Array.from({ length: count }, () => startWorker(setup)))
  return runner
}

/** Kills a process as a failing machine would, and starts another one in its place. */
async function failover(index: number): Promise<void> {
  const victim = processes[index]
  if (victim === undefined) throw new Error(`there is no process ${index}`)
  await victim.kill()
  // After it is gone and before its leases are over: nobody else can have begun what it ran.
  await client.rpush(`${prefix}:story`, JSON.stringify({ say: 'killed', pid: victim.pid }))
  processes[index] = await startWorker(setup)
}

async function submit(gate: TaskRunner, user: string, { count, takes }: { count: number; takes: number }) {
  const tasks = Array.from({ length: count }, () => ({
    id: randomUUID(),
    kind: 'work',
    input: { takes },
    maxTries: 100,
  }))
  const told = await gate.gate.enqueue({ user, username: user, tasks })
  expect(told.outcome).toBe('accepted')
  await gate.wake()
  return tasks.map(({ id }) => id)
}

const lines = async (): Promise<Line[]> =>
  (await client.lrange(`${prefix}:story`, 0, -1)).map((line) => JSON.parse(line) as Line)

/** Resolves when that many tasks had their effect. */
async function effects(count: number): Promise<void> {
  while ((await client.scard(`${prefix}:effects`)) < count)
    await new Promise((resolve) => setTimeout(resolve, 20))
}
/** Resolves when all tasks have ended. */
async function quiet({ gate }: TaskRunner): Promise<void> {
  for (;;) {
    const { pending, delayed, processing } = await gate.counts()
    if (pending + delayed + processing === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.each(['redis', 'database'] as const)('4 workers on %s', (store) => {
  test('killed and started again, they never exceed the limits, and do every task', async () => {
    const limits = { perUser: 3, global: 7 }
    const opened = await start(store, { count: 4, concurrency: 4, options: { limits, lease: 600 } })
    const ids = await Promise.all(
      ['ann', 'bob', 'cyd', 'dan'].map((user) => submit(opened, user, { count: 50, takes: 20 })),
    )
    for (const [index, count] of [20, 60, 100, 140].entries()) {
      await effects(count)
      await failover(index)
    }
    await quiet(opened)
    const { most, mostOfUser, starts } = readStory(await lines())
    expect(most).toBeLessThanOrEqual(7)
    expect(mostOfUser).toBeLessThanOrEqual(3)
    expect(starts).toBeGreaterThanOrEqual(200)
    expect(new Set(await client.smembers(`${prefix}:effects`))).toEqual(new Set(ids.flat()))
    expect(await opened.gate.counts()).toMatchObject({ completed: 200, dead: 0, cancelled: 0 })
  })

  test('what a killed worker ran, others do after its lease, in its places and in no more', async () => {
    const options = { limits: { perUser: 2, global: 3 }, lease: 1_000 }
    const opened = await start(store, { count: 1, concurrency: 4, stuck: true, options })
    const ids = await submit(opened, 'ann', { count: 3, takes: 0 })
    while ((await lines()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    setup = { ...setup, stuck: false }
    expect(await client.scard(`${prefix}:effects`)).toBe(0)
    await failover(0)
    await quiet(opened)
    expect(await client.smembers(`${prefix}:effects`)).toHaveLength(3)
    const { most, starts } = readStory(await lines())
    expect(most).toBe(2)
    expect(starts).toBeGreaterThanOrEqual(5)
    const tasks = await Promise.all(ids.map((id) => opened.gate.find(id)))
    expect(tasks.map((task) => task?.status)).toEqual(['completed', 'completed', 'completed'])
    expect(tasks.filter((task) => (task?.tries ?? 0) > 1).length).toBeGreaterThanOrEqual(2)
    // The two places are free again, and there are not more than before.
    await processes[0]?.stop()
    const more = ids.map((id) => ({ id: `${id} again`, kind: 'work', input: { takes: 0 }, maxTries: 1 }))
    await opened.gate.enqueue({ user: 'ann', username: 'ann', tasks: more })
    expect(await opened.gate.release(10)).toHaveLength(2)
  })

  test('run what comes while the one who asked is gone, and a cancel reaches the right one', async () => {
    const limits = { perUser: 3, global: 7 }
    const opened = await start(store, { count: 2, concurrency: 4, options: { limits, lease: 600 } })
    const [long = ''] = await submit(opened, 'ann', { count: 1, takes: 60_000 })
    while ((await lines()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await opened.gate.cancel(long)
    await opened.announceCancel(long)
    await quiet(opened)
    expect(await opened.gate.find(long)).toMatchObject({ status: 'cancelled' })
    expect((await lines()).map(({ say }) => say)).toEqual(['start', 'end'])
    // No wake: whoever let it through, or accepted it, died before it said so.
    const task = { id: randomUUID(), kind: 'work', input: { takes: 0 }, maxTries: 1 }
    await opened.gate.enqueue({ user: 'bob', username: 'bob', tasks: [task] })
    await opened.gate.release(1)
    await quiet(opened)
    expect(await opened.gate.find(task.id)).toMatchObject({ status: 'completed', tries: 1 })
  })
})

test(
  '10 000 tasks of 40 users by 4 workers, one killed: each is done once in effect, none is lost',
  { timeout: 120_000 },
  async () => {
    const limits = { perUser: 8, global: 64, backlogPerUser: 500, backlog: 20_000 }
    const opened = await start('redis', { count: 4, concurrency: 16, options: { limits, lease: 2_000 } })
    const ids: string[] = []
    for (let user = 0; user < 40; user += 1)
      ids.push(...(await submit(opened, `user ${user}`, { count: 250, takes: 0 })))
    await effects(3_000)
    await failover(0)
    await quiet(opened)
    expect(ids).toHaveLength(10_000)
    expect(new Set(await client.smembers(`${prefix}:effects`))).toEqual(new Set(ids))
    expect(await opened.gate.counts()).toMatchObject({ completed: 10_000, dead: 0 })
    const { most, mostOfUser, starts } = readStory(await lines())
    expect(most).toBeLessThanOrEqual(64)
    expect(mostOfUser).toBeLessThanOrEqual(8)
    // Only what the killed one ran was begun again.
    expect(starts).toBeLessThanOrEqual(10_000 + 16)
  },
)
