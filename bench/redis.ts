/**
 * Reads that miss memory and hit Redis, per second: Reprise beside raw ioredis and the peers. Memory is off
 * everywhere (`memory: { maxEntries: 0 }`, no in-memory cache, no L1, a primary store that never has anything), so
 * every read goes to Redis. So many loops read at the same time, each a key after another; contestants take
 * short turns, so that a machine that slows down slows all of them.
 * Options: --rounds N, --slice MILLISECONDS, --only NAMES, --json FILE.
 */
import { type Contestant, entrants } from './rig/contestants.ts'
import { bar, median, numberOption, option, ratioOf, rowOf, shown, writeFigures } from './rig/figures.ts'
import { installHint, isMissing } from './rig/load-package.ts'
import { makePayload } from './rig/payload.ts'
import { startBenchRedis } from './rig/server.ts'

const rounds = numberOption('rounds', 7)
const slice = numberOption('slice', 120)
const only = option('only')?.split(',')
const sizes = [
  { name: '200 B', bytes: 200, keys: 512 },
  { name: '4 KB', bytes: 4_096, keys: 512 },
  { name: '64 KB', bytes: 65_536, keys: 300 },
]
const widths = [1, 32, 256]
/** Turns of each contestant in one round: a machine that goes faster or slower for a while does so for all. */
const turns = 4

async function enter(url: string): Promise<readonly Contestant[]> {
  const all: Contestant[] = []
  for (const entrant of entrants) {
    try {
      all.push(...(await entrant.make(url)))
    } catch (error) {
      if (entrant.packages.length === 0 || !isMissing(error)) throw error
      console.log(`${entrant.name} is left out, since it is not installed: ${installHint}`)
    }
  }
  return all
}

/** Reads per second of so many loops over so many milliseconds. */
async function measure(
  one: Contestant,
  ids: readonly string[],
  width: number,
  length: number,
): Promise<number> {
  let reads = 0
  let next = 0
  const startedAt = performance.now()
  const until = startedAt + length
  const loop = async (): Promise<void> => {
    while (performance.now() < until) {
      const value = await one.read(ids[(next = (next + 1) % ids.length)] as string)
      if (value === undefined || value === null) throw new Error(`${one.name}: a read was no hit`)
      reads += 1
    }
  }
  await Promise.all(Array.from({ length: width }, loop))
  return (reads / (performance.now() - startedAt)) * 1_000
}

const redis = await startBenchRedis()
const entered = await enter(redis.url)
const contestants = entered.filter(({ name }) => only?.includes(name) !== false)
const cells = sizes.flatMap((size) =>
  widths.map((width) => ({ size, width, name: `${width} x ${size.name}` })),
)
const ids = new Map(
  sizes.map(({ name, bytes, keys }) => [name, Array.from({ length: keys }, (_, id) => `${bytes}-${id}`)]),
)
const of = (cell: (typeof cells)[number]): readonly string[] => ids.get(cell.size.name) as string[]
for (const one of contestants) {
  for (const { name, bytes } of sizes)
    for (const id of ids.get(name) as string[]) await one.store(id, makePayload(id, bytes))
  for (const cell of cells) await measure(one, of(cell), cell.width, 40)
}

const speeds = new Map<string, number[]>()
for (let round = 0; round < rounds; round += 1) {
  for (const cell of cells) {
    const sums = contestants.map(() => 0)
    for (let turn = 0; turn < turns * contestants.length; turn += 1) {
      const place = (turn + round) % contestants.length
      const one = contestants[place] as Contestant
      sums[place] = (sums[place] as number) + (await measure(one, of(cell), cell.width, slice / turns))
    }
    for (const [place, { name }] of contestants.entries()) {
      const id = `${name}, ${cell.name}`
      speeds.set(id, [...(speeds.get(id) ?? []), (sums[place] as number) / turns])
    }
  }
  process.stdout.write(`round ${round + 1} of ${rounds}\r`)
}
for (const one of entered) await one.close()
await redis.stop()

const speedsOf = (name: string, cell: { readonly name: string }): readonly number[] =>
  speeds.get(`${name}, ${cell.name}`) ?? []
const peers = entrants.slice(2).map(({ name }) => name)
const rows = [...speeds].map(([name, measured]) => rowOf(name, 'reads/s', measured))
const ratios = []
console.log(`hits in Redis per second, ${rounds} rounds of ${slice} ms, medians; Node ${process.version}`)
for (const cell of cells) {
  const here = contestants.map((one) => rowOf(one.name, 'reads/s', speedsOf(one.name, cell)))
  const longest = Math.max(...here.map(({ value }) => value))
  console.log(`\n${cell.name}`)
  for (const { name, value, spread } of here.toSorted((a, b) => b.value - a.value)) {
    const against = ratioOf(name, speedsOf(name, cell), speedsOf('ioredis GET', cell)).value
    console.log(
      `  ${name.padEnd(20)} ${bar(value, longest)} ${shown(value / 1_000).padStart(6)} k/s ${against.toFixed(2).padStart(6)} x raw  (spread ${Math.round(spread * 100)} %)`,
    )
  }
  const best = here.filter(({ name }) => peers.includes(name)).toSorted((a, b) => b.value - a.value)[0]
  for (const name of ['reprise get', 'reprise getOrLoad']) {
    const own = speedsOf(name, cell)
    if (own.length === 0) continue
    for (const other of ['ioredis GET', 'ioredis GET, parse'])
      ratios.push(ratioOf(`${name} / ${other}, ${cell.name}`, own, speedsOf(other, cell)))
    if (best !== undefined)
      ratios.push(ratioOf(`${name} / best peer (${best.name}), ${cell.name}`, own, speedsOf(best.name, cell)))
  }
}

console.log(`\n${'k reads/s'.padEnd(20)}${cells.map(({ name }) => name.padStart(12)).join('')}`)
for (const { name } of contestants) {
  const figures = cells.map((cell) => shown(median(speedsOf(name, cell)) / 1_000).padStart(12))
  console.log(`${name.padEnd(20)}${figures.join('')}`)
}
console.log('')
for (const { name, value } of ratios) console.log(`${name.padEnd(58)} ${value.toFixed(2)}`)
writeFigures({ rows, ratios })
