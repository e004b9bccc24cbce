/**
 * Bytes per entry: so many objects of 192 bytes of JSON in each cache, each cache in a process of its own, weighed after
 * a full collection; and the longest stop of the collector while it is filled and while it is read.
 * Options: --entries N, --rounds N, --only NAMES, --json FILE.
 */
import { freemem } from 'node:os'
import type { BytesChild, Weighed } from './rig/bytes-child.ts'
import { startChild } from './rig/child.ts'
import {
  type Ratio,
  type Row,
  bar,
  median,
  numberOption,
  option,
  rowOf,
  writeFigures,
} from './rig/figures.ts'
import { reasonOf } from './rig/load-package.ts'
import { memoryCaches } from './rig/memory-caches.ts'

const entries = Math.floor(numberOption('entries', 1_000_000))
const rounds = numberOption('rounds', 1)
const only = option('only')?.split(',')
const readMilliseconds = 2_000
/** The same loader with keys given in another way weighs the same. */
const names = Object.keys(memoryCaches).filter(
  (name) => only?.includes(name) ?? name !== 'layered-loader by params',
)
if (names.length === 0)
  throw new Error(`--only is "${option('only')}": give some of ${Object.keys(memoryCaches).join(', ')}`)

/** Heap of one entry in the worst of all caches while it is filled, in bytes. */
const heapOfEntry = 2_000
const heap = 512 + Math.ceil((entries * heapOfEntry) / 1_048_576)
if (heap * 1_048_576 > freemem())
  throw new Error(
    `${entries} entries need about ${heap} MB and ${Math.floor(freemem() / 1_048_576)} MB are free: give fewer by --entries`,
  )

async function weigh(name: string): Promise<Weighed | undefined> {
  const child = startChild<BytesChild>('bytes-child', ['--expose-gc', `--max-old-space-size=${heap}`])
  try {
    return await child.ask('weigh', name, entries, readMilliseconds)
  } catch (error) {
    console.log(`${name} is left out: ${reasonOf(error)}`)
    return undefined
  } finally {
    await child.stop()
  }
}

const found = new Map<string, Weighed[]>(names.map((name) => [name, []]))
for (let round = 0; round < rounds; round += 1) {
  for (const name of names) {
    process.stdout.write(`round ${round + 1} of ${rounds}: ${name}\u001B[K\r`)
    const one = await weigh(name)
    if (one === undefined) found.delete(name)
    else found.get(name)?.push(one)
  }
}
const of = (name: string, field: keyof Weighed): readonly number[] =>
  (found.get(name) ?? []).map((one) => one[field])
const middle = (name: string, field: keyof Weighed): number => median(of(name, field))

const longest = Math.max(...[...found.keys()].map((name) => middle(name, 'bytesPerEntry')))
console.log(
  `bytes per entry, ${entries} objects of 192 bytes of JSON, ${rounds} rounds; longest stop of the collector, filling and reading; Node ${process.version}`,
)
for (const name of found.keys()) {
  const figure = (field: keyof Weighed, width: number, digits = 0): string =>
    middle(name, field).toFixed(digits).padStart(width)
  console.log(
    `  ${name.padEnd(20)} ${bar(middle(name, 'bytesPerEntry'), longest)} ${figure('bytesPerEntry', 5)} B (${figure('residentPerEntry', 5)} resident)  stops ${figure('longestPauseFilling', 5, 1)} · ${figure('longestPauseReading', 5, 1)} ms  filled in ${figure('fillSeconds', 5, 1)} s, ${(middle(name, 'readsPerSecond') / 1e6).toFixed(2).padStart(5)} M reads/s`,
  )
}

const rows: Row[] = [...found.keys()].flatMap((name) => [
  rowOf(`${name}: bytes per entry`, 'B', of(name, 'bytesPerEntry')),
  rowOf(`${name}: resident per entry`, 'B', of(name, 'residentPerEntry')),
  rowOf(`${name}: longest stop, filling`, 'ms', of(name, 'longestPauseFilling')),
  rowOf(`${name}: longest stop, reading`, 'ms', of(name, 'longestPauseReading')),
])
const ratios: Ratio[] = []
/** Shows a figure beside what it may be at most. */
function judge(name: string, value: number, most: number): void {
  if (Number.isNaN(value)) return
  ratios.push({ name, value })
  console.log(
    `  ${name.padEnd(62)} ${value.toFixed(2).padStart(6)}  goal at most ${most}: ${value <= most ? 'met' : 'NOT MET'}`,
  )
}
console.log('')
for (const base of ['lru-cache with TTL', 'lru-cache']) {
  const against = (name: string): number => middle(name, 'bytesPerEntry') / middle(base, 'bytesPerEntry')
  judge(`Reprise / ${base}, bytes per entry`, against('Reprise'), 1.1)
  judge(`Reprise packed / ${base}, bytes per entry`, against('Reprise packed'), 0.65)
}
for (const [field, doing] of [
  ['longestPauseFilling', 'filling'],
  ['longestPauseReading', 'reading'],
] as const)
  judge(
    `Reprise packed, longest stop of the collector / 20 ms, ${doing}`,
    middle('Reprise packed', field) / 20,
    1,
  )
writeFigures({ rows, ratios })
