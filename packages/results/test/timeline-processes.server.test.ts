/** Processes that append to one session at once, on real PostgreSQL and Redis. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@reprise/database'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import { openTimelines } from '../src/index.ts'
import { createTestSchema } from './postgres-schema.ts'

const redisUrl = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `timelines-${randomUUID().slice(0, 8)}`
const schema = await createTestSchema('timeline_processes')
const database = await openDatabase({ url: schema.url, poolSize: 4 })
const client = new Redis(redisUrl)
const timelines = await openTimelines({
  database,
  maxEvents: 10_000,
  redis: { client, prefix, deadline: '5s' },
})
const truth = await openTimelines({ database })
afterAll(async () => {
  await Promise.all([timelines.close(), truth.close()])
  await database.close()
  const keys = await client.keys(`${prefix}:*`)
  if (keys.length > 0) await client.del(keys)
  client.disconnect()
  await schema.drop()
})

interface Outcome {
  readonly given: readonly number[]
  readonly backwards: number
}

/** Starts a process; gives its last word. */
async function append(who: string, rounds: number): Promise<Outcome> {
  const options = JSON.stringify({ databaseUrl: schema.url, redisUrl, prefix, who, rounds })
  const child = fork(fileURLToPath(new URL('timeline-appender.ts', import.meta.url)), [options], {
    execArgv: ['--conditions=@reprise/source', '--import', 'tsx'],
  })
  const exit = once(child, 'exit')
  const [outcome] = await Promise.race([
    once(child, 'message') as Promise<[Outcome]>,
    exit.then(() => expect.unreachable('it must say what it did')),
  ])
  await exit
  return outcome
}

describe('two processes that append to one session', () => {
  const rounds = 50
  test('lose nothing, order everything, and read what they wrote, while Redis forgets', async () => {
    let over = false
    const both = Promise.all([append('a', rounds), append('b', rounds)]).finally(() => (over = true))
    const site = timelines.forSite('one')
    let newest = 0
    let backwards = 0
    const key = `${prefix}:timeline:one:shared:`
    for (let read = 1; !over; read += 1) {
      const seen =
        (await site.getTimeline({ sessionId: 'shared', category: 'left', limit: 3 })).at(-1)?.sequence ?? 0
      if (seen < newest) backwards += 1
      newest = Math.max(newest, seen)
      if (read % 5 === 0) await client.del(key)
    }
    const outcomes = await both
    expect([backwards, ...outcomes.map((outcome) => outcome.backwards)]).toEqual([0, 0, 0])
    for (const { given } of outcomes) expect(given).toEqual(given.toSorted((x, y) => x - y))
    const all = outcomes.flatMap(({ given }) => given)
    expect(new Set(all).size).toBe(rounds * 4)
    for (const category of ['left', 'right']) {
      const query = { sessionId: 'shared', category }
      const events = await truth.forSite('one').getTimeline(query)
      expect(events.map(({ sequence }) => sequence)).toEqual(
        all
          .filter((sequence) => events.some((event) => event.sequence === sequence))
          .toSorted((x, y) => x - y),
      )
      for (const who of ['a', 'b'])
        expect(events.filter(({ resource }) => resource === who).map(({ payload }) => payload)).toEqual(
          Array.from({ length: rounds }, (_, round) => round),
        )
      expect(await site.getTimeline(query)).toEqual(events)
      expect(await client.hexists(key, 'x')).toBe(1)
      expect(await site.getTimeline(query)).toEqual(events)
    }
  })
})
