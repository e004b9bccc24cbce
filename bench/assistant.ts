/**
 * What recognition and a whole turn of the assistant cost when nobody has said the sentence before, and when somebody
 * has: with the embedded recogniser, and with a model that takes 300 ms. A turn also writes to the database.
 * Options: --rounds N, --sentences N, --delay MILLISECONDS, --json FILE.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bar, numberOption, ratioOf, rowOf, shown, writeFigures } from './rig/figures.ts'

const root = process.env['REPRISE_ROOT'] ?? process.cwd()
const rounds = numberOption('rounds', 5)
const sentences = numberOption('sentences', 40)
const delay = numberOption('delay', 300)
const child = join(root, 'apps', 'assistant', 'bench', 'turns.ts')
const given = [rounds, sentences, delay].map(String)
const { stdout } = await promisify(execFile)(
  process.execPath,
  ['--conditions=@reprise/source', '--import', 'tsx', child, ...given],
  { cwd: root },
)
const figures = JSON.parse(stdout) as Record<string, { readonly miss: number[]; readonly hit: number[] }>

console.log(
  `${rounds} rounds of ${sentences} sentences, medians; a model takes ${delay} ms; Node ${process.version}`,
)
const rows = []
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
writeFigures({ rows, ratios })
