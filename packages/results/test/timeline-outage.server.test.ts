/** A Redis that freezes, dies and comes back: a bounded delay, then the database answers. */
import { openDatabase } from '@reprise/database'
import { Redis } from 'ioredis'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openTimelines } from '../src/index.ts'
import { startOwnRedis } from './own-redis.ts'

const server = await startOwnRedis()
const database = await openDatabase()
afterAll(async () => {
  await database.close()
  await server.stop()
})

/** Not `once`, which rejects with the error of each try before. */
const ready = (client: Redis) => new Promise((resolve) => client.once('ready', resolve))

async function open() {
  const client = new Redis({
    port: server.port,
    host: '127.0.0.1',
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
  })
  client.on('error', () => {})
  await ready(client)
  const errors: string[] = []
  const timelines = await openTimelines({
    database,
    redis: { client, prefix: 'outage', deadline: 150 },
    onError: ({ message }) => errors.push(message),
  })
  onTestFinished(async () => {
    await timelines.close()
    client.disconnect()
  })
  return { site: timelines.forSite('one'), client, errors }
}
const query = (sessionId: string) => ({ sessionId, category: 'note' })

test('frozen: calls end all the same, nothing is lost, and what comes late does no harm', async () => {
  const { site, client, errors } = await open()
  await site.appendEvent({ ...query('ice'), payload: 0 })
  server.freeze()
  const appends = Array.from({ length: 50 }, (_, n) => site.appendEvent({ ...query('ice'), payload: n + 1 }))
  const reads = Array.from({ length: 50 }, () => site.latest(query('ice')))
  await Promise.all([...appends, ...reads])
  const payloads = async () => (await site.getTimeline(query('ice'))).map(({ payload }) => payload)
  const before = await payloads()
  expect(before).toHaveLength(51)
  expect(errors).toEqual([
    expect.stringMatching(
      /^Redis could not .* a session's timeline \(no answer to .* within the deadline of 150 ms\): the database answers instead$/,
    ),
  ])
  server.thaw()
  await client.ping()
  expect(await payloads()).toEqual(before)
  await site.appendEvent({ ...query('ice'), payload: 'thawed' })
  expect(await payloads()).toEqual([...before, 'thawed'])
})

test('dead and started again, empty: the same answers, and Redis has them again', async () => {
  const { site, client } = await open()
  await site.appendEvent({ ...query('dead'), payload: 1 })
  await server.kill()
  expect((await site.appendEvent({ ...query('dead'), payload: 2 })).payload).toBe(2)
  expect((await site.latest(query('dead')))?.payload).toBe(2)
  expect(await site.clearSession(query('none'))).toBe(0)
  const back = ready(client)
  await server.start()
  await back
  const key = 'outage:timeline:one:dead:'
  // A call that fails when the server dies is followed by half a second without Redis.
  for (;;) {
    expect((await site.getTimeline(query('dead'))).map(({ payload }) => payload)).toEqual([1, 2])
    if ((await client.hexists(key, 'x')) === 1) break
  }
  expect(await client.pttl(key)).toBeGreaterThan(7_190_000)
})
