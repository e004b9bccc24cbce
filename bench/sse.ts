/**
 * What listeners of live events cost a service over time: so many connect from another process and stay, while the cache
 * is read and loads. Prints the memory of the service in the first and the last fifth of the time, and when all have left.
 * Options: --listeners N, --seconds N, --json FILE.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { numberOption, ratioOf, rowOf, shown, writeFigures } from './rig/figures.ts'

const root = process.env['REPRISE_ROOT'] ?? process.cwd()
const listeners = numberOption('listeners', 1_000)
const seconds = numberOption('seconds', 60)
const child = join(root, 'packages', 'service', 'bench', 'listeners.ts')
const { stdout } = await promisify(execFile)(
  process.execPath,
  [
    '--expose-gc',
    '--conditions=@reprise/source',
    '--import',
    'tsx',
    child,
    String(listeners),
    String(seconds),
  ],
  { cwd: root, timeout: (seconds + 120) * 1_000 },
)
/** Heap in MiB, second by second; without listeners before and after; events that the listeners got. */
const figures = JSON.parse(stdout) as {
  readonly heap: readonly number[]
  readonly before: number
  readonly after: number
  readonly left: number
  readonly events: number
}
const fifth = Math.max(1, Math.floor(figures.heap.length / 5))
const [first, last] = [figures.heap.slice(0, fifth), figures.heap.slice(-fifth)]
const rows = [
  rowOf('heap without listeners', 'MiB', [figures.before]),
  rowOf('heap, first fifth', 'MiB', first),
  rowOf('heap, last fifth', 'MiB', last),
  rowOf('heap when all have left', 'MiB', [figures.after]),
]
console.log(`${listeners} listeners for ${seconds} s, ${figures.events} events got; Node ${process.version}`)
for (const { name, value, unit } of rows)
  console.log(`  ${name.padEnd(26)} ${shown(value).padStart(8)} ${unit}`)
console.log(`  ${'listeners that stay'.padEnd(26)} ${String(figures.left).padStart(8)}`)
writeFigures({ rows, ratios: [ratioOf('heap, last fifth / first fifth', last, first)] })
