/**
 * Hits in memory per second: Reprise beside lru-cache, the peers and a plain Map. Each cache is filled in a process of
 * its own, and they take short turns, so that a machine that slows down slows all of them. Every read is checked to be
 * a hit. 10 000 keys are read by Zipf 0.99; 1 000 000 keys all alike, so that the caches of the processor do not help.
 * Options: --rounds N, --slice MILLISECONDS, --keys 10000,1000000, --skew EXPONENT, --only NAMES, --json FILE.
 */
import { freemem } from 'node:os'
import { type Child, startChild } from './rig/child.ts'
import { type Ratio, bar, numberOption, option, ratioOf, rowOf, shown, writeFigures } from './rig/figures.ts'
import { reasonOf } from './rig/load-package.ts'
import type { MemoryChild } from './rig/memory-child.ts'
import { memoryCaches } from './rig/memory-caches.ts'
import { goals } from './rig/memory-goals.ts'

const rounds = numberOption('rounds', 7)
const slice = numberOption('slice', 120)
const only = option('only')?.split(',')
const sizes = (option('keys') ?? '10000,1000000').split(',').map(Number)
const skewOf = (keys: number): number => Number(option('skew') ?? (keys > 100_000 ? 0 : 0.99))
/** Decoding packed values on each read is another matter: `npm run bench -- bytes` shows it. */
const names = Object.keys(memoryCaches).filter((name) => only?.includes(name) ?? name !== 'Reprise packed')
if (sizes.some((keys) => !(keys > 0)))
  throw new Error(`--keys is "${option('keys')}": give numbers of keys, such as 10000,1000000`)
if (names.length === 0)
  throw new Error(`--only is "${option('only')}": give some of ${Object.keys(memoryCaches).join(', ')}`)

/** Heap that one entry needs in the worst of all caches, with its key and parameters, in bytes. */
const heapOfEntry = 1_400

interface Entered {
  readonly label: string
  readonly way: string
  readonly child: Child<MemoryChild>
}

async function enter(name: string, entries: number): Promise<readonly Entered[]> {
  const heap = 512 + Math.ceil((entries * heapOfEntry * 2) / 1_048_576)
  const child = startChild<MemoryChild>('memory-child', [`--max-old-space-size=${heap}`])
  try {
    const ways = await child.ask('open', { name, entries, skew: skewOf(entries) })
    return ways.map((way) => ({ label: `${name}: ${way}`, way, child }))
  } catch (error) {
    await child.stop()
    console.log(`${name} is left out: ${reasonOf(error)}`)
    return []
  }
}

/** Speeds of each way to read, by label, once a round. */
async function run(entries: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const entered: Entered[] = []
  for (const name of names) entered.push(...(await enter(name, entries)))
  for (const { child, way } of entered) await child.ask('measure', way, 400)
  const speeds = new Map(entered.map(({ label }) => [label, [] as number[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < entered.length; turn += 1) {
      const { label, way, child } = entered[(turn + round) % entered.length] as Entered
      speeds.get(label)?.push(await child.ask('measure', way, slice))
    }
    process.stdout.write(`round ${round + 1} of ${rounds}\r`)
  }
  for (const child of new Set(entered.map((one) => one.child))) {
    await child.ask('close')
    await child.stop()
  }
  return speeds
}

const rows = []
const ratios: Ratio[] = []
for (const entries of sizes) {
  const needed = entries * heapOfEntry * names.length
  if (needed > freemem())
    throw new Error(
      `${entries} keys in ${names.length} caches need about ${Math.ceil(needed / 1e9)} GB and ${Math.floor(freemem() / 1e9)} GB are free: name fewer by --only, or fewer keys by --keys`,
    )
  const speeds = await run(entries)
  const read = skewOf(entries) === 0 ? 'all alike' : `Zipf ${skewOf(entries)}`
  console.log(
    `hits in memory, ${entries} keys, ${read}: ${rounds} rounds of ${slice} ms, medians; Node ${process.version}`,
  )
  const here = [...speeds].map(([name, measured]) => rowOf(name, 'reads/s', measured))
  const longest = Math.max(...here.map(({ value }) => value))
  for (const { name, value, spread } of here)
    console.log(
      `  ${name.padEnd(41)} ${bar(value, longest)} ${shown(value / 1e6).padStart(6)} M/s  (spread ${Math.round(spread * 100)} %)`,
    )
  rows.push(...here.map((row) => ({ ...row, name: `${row.name}, ${entries} keys` })))
  console.log('')
  for (const { ours, theirs, least } of goals(entries, speeds)) {
    const [above, below] = [speeds.get(ours), speeds.get(theirs)]
    if (above === undefined || below === undefined) continue
    const ratio = ratioOf(`${ours} / ${theirs}, ${entries} keys`, above, below)
    ratios.push(ratio)
    const goal =
      least === undefined ? '' : `  goal ${least.toFixed(1)}: ${ratio.value >= least ? 'met' : 'NOT MET'}`
    console.log(`  ${`${ours} / ${theirs}`.padEnd(62)} ${ratio.value.toFixed(2).padStart(6)}${goal}`)
  }
  console.log('')
}
writeFigures({ rows, ratios })
