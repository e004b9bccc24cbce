/**
 * What a token and a conversation cost (row C8): the first read, which fetches from a platform that takes 200 ms, then
 * hits one after another and 100 at a time, each measured by itself.
 * Options: --rounds N, --reads N, --json FILE.
 */
import { createCache } from '@reprise/cache'
import { assistantCatalog, createAssistantData, createTokens, wechat } from '@reprise/tokens'
import { startStandIn } from '@reprise/tokens/testing'
import { numberOption, percentile, rowOf, shown, writeFigures } from './rig/figures.ts'

const rounds = numberOption('rounds', 5)
const reads = numberOption('reads', 100_000)
const crowd = 100

const platform = await startStandIn()
const app = platform.register({ platform: 'wechat', id: 'wx1', secret: 'secret' })
const cache = await createCache({ catalog: assistantCatalog() })
const provider = wechat({ apps: { wx1: { secret: 'secret' } }, baseUrl: platform.address('wechat') })
const tokens = createTokens({ cache, providers: [provider] })
const { conversations } = createAssistantData(cache)
const ref = { channel: 'wechat', appId: 'wx1' }

/** How long a read took, in milliseconds. */
async function timed(read: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await read()
  return performance.now() - startedAt
}

/** The times of so many reads, `width` at a time. */
async function measure(width: number, read: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = []
  for (let left = reads; left > 0; left -= width)
    times.push(...(await Promise.all(Array.from({ length: width }, async () => timed(read)))))
  return times
}

platform.delay(200)
const cold = await timed(async () => tokens.get(ref))
await conversations.set('c', {
  messages: Array.from({ length: 20 }, (_, n) => ({ role: 'user', content: `turn ${n}` })),
})
const contests = [
  { name: 'token, one at a time', width: 1, read: async () => tokens.get(ref) },
  { name: `token, ${crowd} at a time`, width: crowd, read: async () => tokens.get(ref) },
  { name: 'conversation, one at a time', width: 1, read: async () => conversations.get('c') },
]
console.log(
  `first read ${shown(cold)} ms, with a platform that takes 200 ms; then ${reads} hits, ${rounds} rounds; Node ${process.version}`,
)
const rows = [rowOf('first read', 'ms', [cold])]
for (const { name, width, read } of contests) {
  const found = { p50: [] as number[], p99: [] as number[], max: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    const times = await measure(width, read)
    found.p50.push(percentile(times, 0.5))
    found.p99.push(percentile(times, 0.99))
    found.max.push(percentile(times, 1))
  }
  const shares = Object.entries(found).map(([share, values]) => rowOf(`${name}: ${share}`, 'ms', values))
  rows.push(...shares)
  console.log(
    `  ${name.padEnd(28)} ${shares.map(({ name: label, value }) => `${label.split(': ')[1]} ${value.toFixed(4)} ms`).join('   ')}`,
  )
}
console.log(`  fetches at the platform: ${app.fetches.length}`)
await cache.close()
await platform.close()
writeFigures({ rows, ratios: [] })
