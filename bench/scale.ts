/**
 * What one invalidation costs, measured here and now, and what that means for many processes and many invalidations,
 * by the model of `rig/log-model.ts`. Options: --count N, --one-way MICROSECONDS, --json FILE.
 */
import { type Row, numberOption, shown, writeFigures } from './rig/figures.ts'
import { measureLogCosts } from './rig/log-costs.ts'
import { type ModelOutcome, modelLog } from './rig/log-model.ts'
import { startBenchRedis } from './rig/server.ts'

const count = numberOption('count', 20_000)
const oneWay = numberOption('one-way', 100)
/** What counts as enough: one log may use so much of a core of Redis, and take so long. */
const enough = { redis: 0.6, p99: 20 }

const redis = await startBenchRedis()
const costs = await measureLogCosts(redis.url, count)
await redis.stop()
const rows: Row[] = Object.entries(costs).map(([name, value]) => {
  const unit = name.startsWith('bytes') ? 'bytes' : name === 'rate' ? 'records/s' : 'us of CPU'
  return { name, value: value as number, unit, spread: 0 }
})
console.log(`measured over ${count} invalidations each`)
for (const { name, value, unit } of rows)
  console.log(`  ${name.padEnd(14)} ${shown(value).padStart(8)} ${unit}`)

const model = {
  append: costs.appendTag,
  wake: Math.max(0, costs.wake - costs.deliver),
  deliver: costs.deliver,
  followAlone: costs.followAlone,
  followPaged: costs.followPaged,
  oneWay,
  pause: 0,
}
const run = (followers: number, rate: number, pause = 0): ModelOutcome =>
  modelLog({ ...model, pause: pause * 1_000 }, { followers, rate, seconds: rate >= 1_000 ? 2 : 10 })
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
const megabytes = (followers: number, rate: number, page: number): number => {
  const perRecord = costs.bytesPaged + (costs.bytesAlone - costs.bytesPaged) / Math.max(1, page)
  return (followers * rate * perRecord) / 1e6
}

console.log(`\nmodelled: one log, one core of Redis, ${oneWay} us one way`)
console.log('  processes  records/s    redis  follower  page      p50 ms     p99 ms   MB/s out')
for (const followers of [10, 100, 1_000]) {
  for (const rate of [10, 100, 1_000, 10_000, 100_000]) {
    const { redis: server, follower, p50, p99, page, overloaded } = run(followers, rate)
    const times = overloaded ? ['overloaded', ''] : [shown(p50), shown(p99)]
    const figures = [
      percent(server).padStart(8),
      percent(follower).padStart(8),
      page.toFixed(1).padStart(7),
      ...times.map((text) => text.padStart(10)),
      shown(megabytes(followers, rate, page)).padStart(10),
    ]
    console.log(`  ${String(followers).padStart(9)} ${String(rate).padStart(10)} ${figures.join(' ')}`)
    for (const [name, value] of Object.entries({ redis: server, follower, p99 }))
      rows.push({
        name: `model: ${name}, ${followers} processes, ${rate}/s${overloaded ? ', overloaded' : ''}`,
        value,
        unit: name === 'p99' ? 'ms' : 'cores',
        spread: 0,
      })
  }
}

console.log('\nmodelled: 1000 processes that pause between looks (no such option today)')
console.log('  pause ms  records/s    redis   p99 ms')
for (const pause of [0, 10, 50, 200]) {
  for (const rate of [100, 300, 1_000]) {
    const { redis: server, p99, overloaded } = run(1_000, rate, pause)
    const time = overloaded ? 'overloaded' : shown(p99)
    console.log(
      `  ${String(pause).padStart(8)} ${String(rate).padStart(10)} ${percent(server).padStart(8)} ${time.padStart(8)}`,
    )
    rows.push({
      name: `model: redis, 1000 processes, ${rate}/s, pause ${pause} ms`,
      value: server,
      unit: 'cores',
      spread: 0,
    })
  }
}

/** The fewest logs, each on a core of its own, that records spread evenly over are enough for. */
function logsFor(followers: number, rate: number): number | undefined {
  for (let logs = 1; logs <= 4_096; logs *= 2) {
    const { redis: server, p99, overloaded } = run(followers, rate / logs)
    if (!overloaded && server <= enough.redis && p99 <= enough.p99) return logs
  }
  return undefined
}

console.log(
  `\nmodelled: logs needed for at most ${percent(enough.redis)} of a core each and p99 <= ${enough.p99} ms`,
)
console.log('  followers of each log   records/s   logs   CPU of a process that follows all of them')
for (const followers of [10, 50, 100, 1_000]) {
  for (const rate of [1_000, 10_000, 100_000]) {
    const logs = logsFor(followers, rate)
    const all = (rate * costs.followPaged) / 1e6
    const needed = logs === undefined ? '> 4096' : String(logs)
    console.log(
      `  ${String(followers).padStart(21)} ${String(rate).padStart(11)} ${needed.padStart(6)}   at least ${percent(all)}`,
    )
    rows.push({
      name: `model: logs, ${followers} followers, ${rate}/s`,
      value: logs ?? Infinity,
      unit: 'logs',
      spread: 0,
    })
  }
}
writeFigures({ rows, ratios: [] })
