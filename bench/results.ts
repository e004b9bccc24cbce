/**
 * Durable results on PostgreSQL and PGlite: what the latest result costs without a cache beside a select by primary
 * key, through the cache, and what a trim of 1 000 rows costs in a large and in a small table. Everything goes through
 * the package, with the rights of an application, so under row-level security.
 * Options: --rows N, --reads N, --rounds N, --json FILE.
 */
import { createCache, defineCatalog } from '@reprise/cache'
import { type Database, openDatabase } from '@reprise/database'
import { latestResult, openResults } from '@reprise/results'
import {
  type Row,
  median,
  numberOption,
  percentile,
  ratioOf,
  rowOf,
  shown,
  writeFigures,
} from './rig/figures.ts'
import { filledDatabase, fillResults, site, targetsOf, type } from './rig/results-rows.ts'
import { startBenchPostgres } from './rig/server.ts'

const rows = numberOption('rows', 1_000_000)
const reads = numberOption('reads', 2_000)
const rounds = numberOption('rounds', 7)
const small = 10_000
const trimmed = 1_000

/** The middle time of some calls, in milliseconds. */
async function p50(calls: number, call: (turn: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < calls; turn += 1) {
    const startedAt = performance.now()
    const found = await call(turn)
    times.push(performance.now() - startedAt)
    if (found === null || found === undefined) throw new Error('a read found nothing')
  }
  return percentile(times, 0.5)
}

/** A reader of latest results in an order that caches of the server do not love. */
async function latestReader(database: Database, total: number): Promise<(turn: number) => Promise<unknown>> {
  const here = (await openResults({ database, types: { [type]: {} }, migrate: false })).forSite(site)
  const targets = targetsOf(total)
  return (turn) => here.getLatest(type, `target-${(turn * 7_919) % targets}`)
}

/** Milliseconds of a trim that removes just so many rows of a table that has so many left. */
async function trim(database: Database, keep: number): Promise<number> {
  const results = await openResults({ database, types: { [type]: { keep } }, migrate: false })
  const reports = await results.maintain()
  await results.close()
  const report = reports.find(({ step }) => step === 'trim-count')
  if (report?.rows !== trimmed) throw new Error(`the trim removed ${report?.rows} rows, not ${trimmed}`)
  return report.milliseconds
}

const figures: Row[] = []
const show = (name: string, unit: string, times: readonly number[]): void => {
  const row = rowOf(name, unit, times)
  figures.push(row)
  console.log(`  ${name.padEnd(44)} ${shown(row.value).padStart(9)} ${unit}`)
}

const server = await startBenchPostgres()
const large = await filledDatabase(server.url, 'large', rows)
const few = await filledDatabase(server.url, 'few', small)
console.log(`PostgreSQL, ${rows} rows of one type and site, the middle of ${rounds} rounds`)

const latest = await latestReader(large, rows)
// The baseline gets the site once for its connection, so that it pays nothing for it.
await large.script(`set reprise.site = '${site}'`)
const byKey = async (turn: number): Promise<unknown> =>
  (await large.query('select * from results where id = $1', [1 + ((turn * 7_919) % rows)])).rows[0]
const keyTimes: number[] = []
const latestTimes: number[] = []
await p50(reads / 2, latest)
await p50(reads / 2, byKey)
for (let round = 0; round < rounds; round += 1) {
  keyTimes.push(await p50(reads, byKey))
  latestTimes.push(await p50(reads, latest))
}
show('select by primary key, p50', 'ms', keyTimes)
show('getLatest without a cache, p50', 'ms', latestTimes)

let queries = 0
const counted: Database = {
  ...large,
  query: (text, parameters) => {
    queries += 1
    return large.query(text, parameters)
  },
}
const cache = await createCache({ catalog: defineCatalog({ prefix: 'bench', spaces: [latestResult] }) })
const results = await openResults({ database: counted, cache, types: { [type]: {} }, migrate: false })
const here = results.forSite(site)
await here.getLatest(type, 'target-1')
queries = 0
const cachedTimes: number[] = []
for (let round = 0; round < rounds; round += 1)
  cachedTimes.push(await p50(reads, () => here.getLatest(type, 'target-1')))
if (queries > 0) throw new Error(`${queries} queries for cached reads`)
show('getLatest through the cache, p50; 0 queries', 'ms', cachedTimes)
await cache.close()

const largeTrims: number[] = []
const fewTrims: number[] = []
const trims = Math.min(rounds, 8)
for (let round = 0; round < trims; round += 1) {
  fewTrims.push(await trim(few, small - trimmed * (round + 1)))
  largeTrims.push(await trim(large, rows - trimmed * (round + 1)))
}
show(`trim of ${trimmed} of ${small} rows`, 'ms', fewTrims)
show(`trim of ${trimmed} of ${rows} rows`, 'ms', largeTrims)
await large.close()
await few.close()
await server.stop()

console.log(`PGlite, ${small} rows`)
const embedded = await openDatabase()
await fillResults(embedded, small)
const embeddedLatest = await latestReader(embedded, small)
await p50(reads / 2, embeddedLatest)
const embeddedTimes: number[] = []
for (let round = 0; round < rounds; round += 1) embeddedTimes.push(await p50(reads / 2, embeddedLatest))
show('getLatest on PGlite, p50', 'ms', embeddedTimes)
await embedded.close()

const ratios = [
  ratioOf('getLatest without a cache / select by primary key', latestTimes, keyTimes),
  ratioOf(`trim of ${trimmed}: ${rows} rows / ${small} rows`, largeTrims, fewTrims),
]
const goals = [2, 3]
console.log('goals')
ratios.forEach(({ name, value }, index) => {
  console.log(
    `  ${name.padEnd(52)} ${shown(value)} (under ${goals[index]}) ${value < (goals[index] as number) ? 'met' : 'MISSED'}`,
  )
})
const onPglite = median(embeddedTimes)
console.log(
  `  ${'getLatest on PGlite'.padEnd(52)} ${shown(onPglite)} ms (under 1.5) ${onPglite < 1.5 ? 'met' : 'MISSED'}`,
)
writeFigures({ rows: figures, ratios })
