// A process that appends to one session, two events at a time, and reads between: its arguments are JSON, its last word
// is what it was given and what it saw go backwards.
import { openDatabase } from '@reprise/database'
import { Redis } from 'ioredis'
import { openTimelines } from '../src/index.ts'

const [text = '{}'] = process.argv.slice(2)
const { databaseUrl, redisUrl, prefix, who, rounds } = JSON.parse(text) as Record<string, string> & {
  rounds: number
}
const database = await openDatabase({ url: databaseUrl ?? '', poolSize: 4 })
const client = new Redis(redisUrl ?? '')
await client.ping()
const timelines = await openTimelines({
  database,
  redis: { client, prefix: prefix ?? '', deadline: '5s' },
  maxEvents: 10_000,
})
const site = timelines.forSite('one')
const given: number[] = []
let backwards = 0
for (let round = 0; round < rounds; round += 1) {
  const events = ['left', 'right'].map((category) => ({ category, resource: who ?? '', payload: round }))
  given.push(...(await site.appendEvents({ sessionId: 'shared' }, events)).map(({ sequence }) => sequence))
  const latest = await site.latest({ sessionId: 'shared', category: 'right' })
  if ((latest?.sequence ?? 0) < (given.at(-1) ?? 0)) backwards += 1
}
process.send?.({ given, backwards })
await timelines.close()
await database.close()
client.disconnect()
process.disconnect()
