/**
 * What recognition and a whole turn of the assistant cost when nobody has said the sentence before, and when somebody
 * has: with the embedded recogniser, and with a model that takes 300 ms. A turn also writes to the database. And how
 * long a change of an intent's threshold in one process takes until another decides by it, over one Redis and PostgreSQL.
 * Options: --rounds N, --sentences N, --delay MILLISECONDS, --changes N, --json FILE.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Row,
  bar,
  numberOption,
  percentile,
  ratioOf,
  rowOf,
  shown,
  writeFigures,
} from './rig/figures.ts'
import { startBenchPostgres, startBenchRedis } from './rig/server.ts'

const root = process.env['REPRISE_ROOT'] ?? process.cwd()
const rounds = numberOption('rounds', 5)
const sentences = numberOption('sentences', 40)
const delay = numberOption('delay', 300)
const changes = numberOption('changes', 200)
/** Runs a bench of the assistant in a process of its own; what it prints is its figures. */
async function run<Figures>(bench: string, ...given: readonly (string | number)[]): Promise<Figures> {
  const child = join(root, 'apps', 'assistant', 'bench', bench)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@reprise/source', '--import', 'tsx', child, ...given.map(String)],
    { cwd: root },
  )
  return JSON.parse(stdout) as Figures
}

const figures = await run<Record<string, { readonly miss: number[]; readonly hit: number[] }>>(
  'turns.ts',
  rounds,
  sentences,
  delay,
)

console.log(
  `${rounds} rounds of ${sentences} sentences, medians; a model takes ${delay} ms; Node ${process.version}`,
)
const rows: Row[] = []
const ratios = []
for (const [name, { miss, hit }] of Object.entries(figures)) {
  const [cold, warm] = [rowOf(`${name}: said first`, 'ms', miss), rowOf(`${name}: said again`, 'ms', hit)]
  const ratio = ratioOf(`${name}, said first / said again`, miss, hit)
  console.log(`  ${name}`)
  for (const { name: what, value, spread } of [cold, warm]) {
    const label = what.split(': ')[1] ?? what
    console.log(
      `    ${label.padEnd(12)} ${bar(value, cold.value)} ${shown(value).padStart(8)} ms  (spread ${Math.round(spread * 100)} %)`,
    )
  }
  console.log(`    ${'ratio'.padEnd(12)} ${shown(ratio.value)}`)
  rows.push(cold, warm)
  ratios.push(ratio)
}

const redis = await startBenchRedis()
const postgres = await startBenchPostgres()
const { asked, told } = await run<{ readonly asked: number[]; readonly told: number[] }>(
  'propagation.ts',
  redis.url,
  postgres.url,
  changes,
)
await redis.stop()
await postgres.stop()
console.log(
  `${changes} changes of a threshold, until another process decides by it; negative: before the reply`,
)
for (const [name, times] of Object.entries({ 'since the request': asked, 'since the reply': told })) {
  for (const [label, share] of Object.entries({ p50: 0.5, p99: 0.99, max: 1 })) {
    const value = percentile(times, share)
    console.log(`    ${`${name}, ${label}`.padEnd(28)} ${shown(value).padStart(8)} ms`)
    rows.push({ name: `threshold changed, ${name}, ${label}`, value, unit: 'ms', spread: 0 })
  }
}
writeFigures({ rows, ratios })
