/** Hits in memory beside a plain Map: 10 000 keys, Zipf 0.99, interleaved rounds, medians. */
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { z } from 'zod'

const keys = 10_000
const reads = 200_000
const rounds = 7

function zipf(): Uint16Array {
  const weights = Array.from({ length: keys }, (_, rank) => 1 / (rank + 1) ** 0.99)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const edges: number[] = []
  let reached = 0
  for (const weight of weights) edges.push((reached += weight / total))
  let seed = 42
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  return Uint16Array.from({ length: reads }, () => {
    const drawn = random()
    let low = 0
    let high = keys - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((edges[middle] as number) < drawn) low = middle + 1
      else high = middle
    }
    return low
  })
}

const item = defineSpace({ name: 'item', key: 'item:{id}', schema: z.object({ id: z.number() }), ttl: '1h' })
const cache = await createCache({ catalog: defineCatalog({ prefix: 'bench', spaces: [item] }) })
const space = cache.open(item)
const params = Array.from({ length: keys }, (_, id) => ({ id: `k${id}` }))
const map = new Map<string, { id: number }>()
for (const [id, one] of params.entries()) {
  await space.set(one, { id })
  map.set(space.key(one), { id })
}
const order = zipf()
let sink = 0
const loader = (): never => {
  throw new Error('every read is a hit')
}
const contestants: Record<string, () => Promise<void> | void> = {
  'Map.get with the finished key': () => {
    for (const rank of order) sink += map.get(`bench:item:k${rank}`)?.id ?? 0
  },
  'peek(params)': () => {
    for (const rank of order) sink += space.peek(params[rank] as { id: string })?.id ?? 0
  },
  'await getOrLoad(params)': async () => {
    for (const rank of order) sink += (await space.getOrLoad(params[rank] as { id: string }, loader)).id
  },
  'await get(params)': async () => {
    for (const rank of order) sink += (await space.get(params[rank] as { id: string }))?.id ?? 0
  },
}
const times = new Map(Object.keys(contestants).map((name) => [name, [] as number[]]))
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(contestants)) {
    const startedAt = performance.now()
    await run()
    times.get(name)?.push(performance.now() - startedAt)
  }
}
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number
const base = median(times.get('Map.get with the finished key') as number[])
console.log(`hits in memory, ${keys} keys, Zipf 0.99, ${rounds} rounds of ${reads} reads, medians (spread)`)
for (const [name, measured] of times) {
  const middle = median(measured)
  const spread = (Math.max(...measured) - Math.min(...measured)) / middle
  const perSecond = `${(reads / middle / 1_000).toFixed(2)} M/s`
  console.log(
    `${name.padEnd(32)} ${perSecond.padStart(10)}  ${(base / middle).toFixed(2).padStart(5)} x Map  (spread ${Math.round(spread * 100)} %)`,
  )
}
if (sink === 0) throw new Error('nothing was read')
await cache.close()
