/**
 * From the start of a process to its first hit, cold: import, cache, one load, one read; the same for the peers. With
 * the memory that it takes beyond what Node takes alone, and the files that were loaded for it.
 * Options: --rounds N, --only NAMES, --json FILE.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bar, median, numberOption, option, ratioOf, rowOf, writeFigures } from './rig/figures.ts'
import { reasonOf } from './rig/load-package.ts'
import type { Started } from './rig/start-up-child.ts'

const rounds = numberOption('rounds', 15)
const only = option('only')?.split(',')
const child = fileURLToPath(new URL('./rig/start-up-child.js', import.meta.url))
const run = promisify(execFile)

async function ask<T>(...given: readonly string[]): Promise<T> {
  const { stdout } = await run(process.execPath, [child, ...given])
  return JSON.parse(stdout) as T
}

const alone = 'Node alone'
const all = await ask<readonly string[]>()
const names = all.filter((name) => name === alone || only?.includes(name) !== false)
const files = new Map<string, Started['files']>()
for (const name of names) {
  try {
    files.set(name, (await ask<Started>(name, '--files')).files)
  } catch (error) {
    const line =
      String(error)
        .split('\n')
        .find((text) => text.includes('Error')) ?? error
    console.log(`${name} is left out: ${reasonOf(line)}`)
  }
}

const found = new Map([...files.keys()].map((name) => [name, [] as Started[]]))
for (let round = 0; round < rounds; round += 1) {
  const order = [...found.keys()]
  for (const [turn] of order.entries()) {
    const name = order[(turn + round) % order.length] as string
    found.get(name)?.push(await ask<Started>(name))
  }
  process.stdout.write(`round ${round + 1} of ${rounds}\r`)
}

const of = (name: string, field: 'milliseconds' | 'residentBytes' | 'heapBytes'): readonly number[] =>
  (found.get(name) ?? []).map((one) => one[field])
const middle = (...given: Parameters<typeof of>): number => median(of(...given))
const longest = Math.max(...[...found.keys()].map((name) => middle(name, 'milliseconds')))
const rows = []
console.log(
  `from the start of the process to the first hit, ${rounds} rounds, medians; memory beyond Node alone; Node ${process.version}`,
)
for (const name of found.keys()) {
  const time = rowOf(`${name}: first hit`, 'ms', of(name, 'milliseconds'))
  const more = (field: 'residentBytes' | 'heapBytes'): number =>
    (middle(name, field) - middle(alone, field)) / 1e6
  const loaded = (files.get(name)?.count ?? 0) - (files.get(alone)?.count ?? 0)
  const kilobytes = ((files.get(name)?.bytes ?? 0) - (files.get(alone)?.bytes ?? 0)) / 1e3
  console.log(
    `  ${name.padEnd(22)} ${bar(time.value, longest)} ${time.value.toFixed(1).padStart(6)} ms  +${more('residentBytes').toFixed(1).padStart(5)} MB resident, +${more('heapBytes').toFixed(1)} MB heap, ${String(loaded).padStart(4)} files of ${kilobytes.toFixed(0).padStart(5)} kB  (spread ${Math.round(time.spread * 100)} %)`,
  )
  rows.push(
    time,
    { name: `${name}: resident beyond Node alone`, value: more('residentBytes'), unit: 'MB', spread: 0 },
    { name: `${name}: heap beyond Node alone`, value: more('heapBytes'), unit: 'MB', spread: 0 },
    { name: `${name}: files loaded`, value: loaded, unit: 'files', spread: 0 },
    { name: `${name}: size of files loaded`, value: kilobytes, unit: 'kB', spread: 0 },
  )
}

const own = 'Reprise'
const beyond = (name: string): number => middle(name, 'milliseconds') - middle(alone, 'milliseconds')
const peers = [...found.keys()].filter((name) => name !== alone && !name.startsWith(own))
const ratios = found.has(own)
  ? peers.flatMap((name) => [
      ratioOf(`${own} / ${name}, first hit`, of(own, 'milliseconds'), of(name, 'milliseconds')),
      { name: `${own} / ${name}, first hit beyond Node alone`, value: beyond(own) / beyond(name) },
    ])
  : []
console.log('')
for (const { name, value } of ratios) console.log(`  ${name.padEnd(58)} ${value.toFixed(2).padStart(6)}`)
writeFigures({ rows, ratios })
