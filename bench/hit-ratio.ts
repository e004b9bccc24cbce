/** Hits on recorded traces: Reprise beside LRU, its rivals and Belady's optimum. `--traces DIR` takes others than `bench/traces`. */
import { join } from 'node:path'
import { arc } from './policies/arc.ts'
import { lru } from './policies/lru.ts'
import { s3fifo } from './policies/s3-fifo.ts'
import { sieve } from './policies/sieve.ts'
import { wTinyLfu } from './policies/w-tinylfu.ts'
import { bar, option, writeFigures } from './rig/figures.ts'
import { type CountHits, optimum, ourHits, peerHits } from './rig/replay.ts'
import { readTraces } from './rig/traces.ts'

/** Capacities, as a percentage of the keys of a trace. */
const sizes = [1, 5, 10, 25]

const ours = 'Reprise'
const peers: Readonly<Record<string, CountHits>> = {
  'S3-FIFO': peerHits(s3fifo(1)),
  'S3-FIFO (2 hits)': peerHits(s3fifo(2)),
  ARC: peerHits(arc),
  SIEVE: peerHits(sieve),
  'W-TinyLFU 10 %': peerHits(wTinyLfu(0.1, false)),
  'W-TinyLFU': peerHits(wTinyLfu(0.01, true)),
}
const contestants: Readonly<Record<string, CountHits>> = {
  [ours]: ourHits('entries'),
  'Reprise, by bytes': ourHits('bytes'),
  ...peers,
}
const names = Object.keys(contestants)

interface Cell {
  readonly at: string
  /** Hit ratios in percent. */
  readonly lru: number
  readonly optimum: number
  readonly ratios: Readonly<Record<string, number>>
}

const folder = option('traces') ?? join(process.env['REPRISE_ROOT'] ?? '.', 'bench', 'traces')
const traces = readTraces(folder)
if (traces.length === 0)
  throw new Error(`--traces is "${folder}", which has no *.txt.gz: give a folder of traces`)

const cells: Cell[] = []
const widths = names.map((name) => Math.max(7, name.length))
const line = (at: string, values: readonly string[]): string =>
  `${at.padEnd(24)} ${values.map((value, column) => value.padStart(column < 2 ? 7 : (widths[column - 2] as number))).join('  ')}`
console.log(
  `hit ratios in percent, ${traces.length} traces of ${folder}, sizes in percent of the keys of each`,
)
console.log(line('', ['LRU', 'optimum', ...names]))
for (const trace of traces) {
  for (const size of sizes) {
    const capacity = Math.max(1, Math.round((trace.keys * size) / 100))
    const percent = async (count: CountHits): Promise<number> =>
      ((await count(trace, capacity)) / trace.requests.length) * 100
    const ratios: Record<string, number> = {}
    for (const name of names) ratios[name] = await percent(contestants[name] as CountHits)
    const at = `${trace.name} ${size} %`
    const cell = { at, lru: await percent(peerHits(lru)), optimum: await percent(optimum), ratios }
    cells.push(cell)
    const values = [cell.lru, cell.optimum, ...names.map((name) => ratios[name] as number)]
    console.log(
      line(
        `${at} (${capacity})`,
        values.map((value) => value.toFixed(1)),
      ),
    )
  }
}

/** The share of the gap between LRU and the optimum that is closed, in percent: the mean where there is a gap. */
function gapClosed(name: string): number {
  const open = cells.filter(({ lru: least, optimum: most }) => most - least > 1e-9)
  const shares = open.map((cell) => ((cell.ratios[name] as number) - cell.lru) / (cell.optimum - cell.lru))
  return (shares.reduce((sum, share) => sum + share, 0) / shares.length) * 100
}

/** The most points of hit ratio by which a policy is below LRU, and where. */
function worstLoss(name: string): { readonly points: number; readonly at: string } {
  return cells
    .map((cell) => ({ points: cell.lru - (cell.ratios[name] as number), at: cell.at }))
    .reduce((worst, one) => (one.points > worst.points ? one : worst), { points: 0, at: 'nowhere' })
}

const longest = Math.max(...names.map(gapClosed))
console.log(
  '\nshare of the gap between LRU and the optimum that is closed (mean), and the worst loss against LRU',
)
for (const name of names) {
  const share = gapClosed(name)
  const { points, at } = worstLoss(name)
  console.log(
    `${name.padEnd(18)} ${share.toFixed(1).padStart(5)} %  ${bar(Math.max(0, share), longest)} ${points.toFixed(2).padStart(6)} points (${at})`,
  )
}
const best = Math.max(...Object.keys(peers).map(gapClosed))
const ratio = gapClosed(ours) / best
console.log(`${ours} closes ${ratio.toFixed(2)} x what the best of the others closes`)

writeFigures({
  rows: [
    ...names.map((name) => ({ name: `gap closed: ${name}`, value: gapClosed(name), unit: '%', spread: 0 })),
    ...names.map((name) => ({
      name: `worst loss against LRU: ${name}`,
      value: worstLoss(name).points,
      unit: 'points',
      spread: 0,
    })),
    ...cells.flatMap(({ at, lru: least, optimum: most, ratios }) =>
      Object.entries({ LRU: least, optimum: most, ...ratios }).map(([name, value]) => ({
        name: `hit ratio: ${at}: ${name}`,
        value,
        unit: '%',
        spread: 0,
      })),
    ),
  ],
  ratios: [
    { name: 'gap closed: Reprise / best peer', value: ratio },
    ...Object.keys(peers).map((name) => ({
      name: `gap closed: Reprise / ${name}`,
      value: gapClosed(ours) / gapClosed(name),
    })),
  ],
})
