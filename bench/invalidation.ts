/**
 * From `invalidate()` in one process to the disappearance in the memory of another, over one Redis; and what 10
 * seconds without a connection do to a reader that misses 10,000 invalidations meanwhile.
 * Options: --count N, --missed N, --cut SECONDS, --json FILE. Ends with code 1 when a read was stale that must not be.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Invalidation } from '@reprise/cache'
import { startChild } from './rig/child.ts'
import { type Row, numberOption, percentile, writeFigures } from './rig/figures.ts'
import { bound, inParallel, news, openNews, steady, truthKey } from './rig/news.ts'
import { startProxy } from './rig/proxy.ts'
import type { services } from './rig/reader.ts'
import { startBenchRedis } from './rig/server.ts'

const count = numberOption('count', 2_000)
const missed = numberOption('missed', 10_000)
const cutFor = numberOption('cut', 10) * 1_000
const rows: Row[] = []
const note = (name: string, value: number, unit: string): void => {
  rows.push({ name, value, unit, spread: 0 })
  console.log(`  ${name.padEnd(52)} ${value.toFixed(unit === 'ms' ? 3 : 0).padStart(10)} ${unit}`)
}
const noteTimes = (name: string, times: readonly number[]): void => {
  for (const [label, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
    ['max', 1],
  ] as const)
    note(`${name}, ${label}`, percentile(times, share), 'ms')
}

const redis = await startBenchRedis()
const sender = await openNews(redis.url)
const loose = sender.open(news.loose)
const reader = startChild<typeof services>('reader')
const store = async (space: keyof typeof news, entries: number): Promise<void> => {
  const ids = Array.from({ length: entries }, (_, id) => id)
  for (let at = 0; at < entries; at += 500) {
    const items = ids.slice(at, at + 500).map((id) => ({ params: { id }, value: { version: 1 } }))
    await sender.open(news[space]).setMany(items)
  }
}

async function measureLatency(kind: 'key' | 'tag', target: (id: number) => Invalidation): Promise<void> {
  await store('loose', count)
  await reader.ask('load', { space: 'loose', count })
  await reader.ask('disappeared')
  const called: number[] = []
  const own: number[] = []
  for (let id = 0; id < count; id += 1) {
    called[id] = steady()
    await sender.invalidate(target(id))
    own[id] = steady() - (called[id] as number)
    await delay(Math.random() * 2)
  }
  await delay(500)
  const { times } = await reader.ask('disappeared')
  if (times.size < count) throw new Error(`${count - times.size} of ${count} entries did not disappear`)
  const latencies = called.map((startedAt, id) => (times.get(id) as number) - startedAt)
  console.log(`\n${count} invalidations by ${kind}, one after another`)
  noteTimes(`gone from the other process, by ${kind}`, latencies)
  noteTimes(`the sender's own time, by ${kind}`, own)
}

console.log('two processes, one Redis')
await reader.ask('open', { url: redis.url, direct: redis.url })
await measureLatency('key', (id) => ({ keys: [loose.key({ id })] }))
await measureLatency('tag', (id) => ({ tags: [`news:${id}`] }))
await reader.ask('close')

const proxy = await startProxy(redis.url)
const direct = new Redis(redis.url)
const counts = {
  loose: Math.ceil(missed * 0.9),
  bounded: Math.ceil(missed / 20),
  strict: Math.ceil(missed / 20),
}
await direct.set(truthKey, 1)
await reader.ask('open', { url: proxy.url, direct: redis.url })
for (const space of ['loose', 'bounded', 'strict'] as const) {
  await store(space, counts[space])
  await reader.ask('load', { space, count: counts[space] })
}
await reader.ask('disappeared')
await reader.ask('startReading', counts)
await delay(300)
const cutAt = steady()
proxy.cut()
await direct.set(truthKey, 2)
const resolved = { loose: [] as number[], bounded: [] as number[], strict: [] as number[] }
const all = (['bounded', 'strict', 'loose'] as const).flatMap((space) =>
  Array.from({ length: counts[space] }, (_, id) => ({ space, id })),
)
await inParallel(all.length, 32, async (index) => {
  const { space, id } = all[index] as (typeof all)[number]
  await sender.invalidate({ keys: [sender.open(news[space]).key({ id })] })
  resolved[space][id] = steady()
})
const sentIn = steady() - cutAt
await delay(Math.max(0, cutFor - sentIn))
const mendedAt = steady()
proxy.mend()
const { at: caughtUpAt, old } = await reader.ask('caughtUp', { count: counts.loose, version: 2 })
await delay(1_000)
const reads = await reader.ask('stopReading')
const { applied, dropped } = await reader.ask('disappeared')
await reader.ask('close')

console.log(
  `\n${all.length} invalidations missed while cut off for ${((mendedAt - cutAt) / 1_000).toFixed(1)} s`,
)
note('time to send them all', sentIn, 'ms')
note('from the mended line to caught up', caughtUpAt - mendedAt, 'ms')
note('records applied one by one', applied, 'records')
note('times all of memory was dropped instead', dropped, 'times')
const isStale = {
  loose: (startedAt: number) => startedAt > caughtUpAt,
  bounded: (startedAt: number, id: number) => startedAt > (resolved.bounded[id] as number) + bound,
  strict: (startedAt: number, id: number) => startedAt > (resolved.strict[id] as number),
}
let broken = old
note('old entries in memory after that', old, 'entries')
for (const space of ['loose', 'bounded', 'strict'] as const) {
  const own = reads.filter(([name]) => name === space)
  const stale = own.filter(([, at, id, version]) => version === 1 && isStale[space](at, id)).length
  const cutOff = own.filter(([, at]) => at > cutAt && at < mendedAt)
  broken += stale
  note(`${space}: reads`, own.length, 'reads')
  note(`${space}: refused while cut off`, cutOff.filter(([, , , version]) => version === 0).length, 'reads')
  note(
    `${space}: old but allowed while cut off`,
    cutOff.filter(([, , , version]) => version === 1).length,
    'reads',
  )
  note(`${space}: stale reads that must not be`, stale, 'reads')
}
await reader.stop()
direct.disconnect()
await proxy.close()
await sender.close()
await redis.stop()
writeFigures({ rows, ratios: [] })
if (broken > 0) {
  console.error(`${broken} stale reads or entries`)
  process.exitCode = 1
}
