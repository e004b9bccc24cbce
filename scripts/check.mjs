// `npm run check`: everything a change must pass. Each step takes one line, and shows its output only when it fails;
// the last line counts checks and tests: `N passed, N failed`.
import { join } from 'node:path'

import { readCount, sayCount } from './count.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './root.mjs'
import { exitOnSignals, run } from './run.mjs'

/** @typedef {import('./count.mjs').Count} Count */

const script = (/** @type {string} */ name) => [process.execPath, join(root, 'scripts', `${name}.mjs`)]
const tool = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name)

/** @type {[name: string, command: string[]][]} */
const steps = [
  ['types', [tool('tsc'), '--noEmit']],
  ['console', [tool('tsc'), '--noEmit', '-p', join('apps', 'console')]],
  ['lint', [tool('oxlint'), '--type-aware', '--deny-warnings']],
  ['format', [tool('oxfmt'), '--check']],
  ['imports', script('imports')],
  ['build', script('build')],
  ['packages', script('packages')],
]

/** @param {string} name @param {boolean} passed @param {number} started */
const report = (name, passed, started) => {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${name.padEnd(9)} ${passed ? 'ok    ' : 'failed'} ${seconds.padStart(6)} s`)
}

/** @param {string} name @param {readonly string[]} command @returns {Promise<Count>} */
const check = async (name, [command = '', ...args]) => {
  const started = performance.now()
  const { code, output } = await run(command, args)
  report(name, code === 0, started)
  if (code !== 0) console.log(output.trimEnd())
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** @returns {Promise<Count>} */
const tests = async () => {
  const started = performance.now()
  const [command = '', ...args] = script('test')
  const { code, output } = await run(command, [...args, '--count'], { echo: true })
  report('tests', code === 0, started)
  const count = readCount(output)
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

exitOnSignals()
await ensureInstalled()
/** @type {Count[]} */
const counts = []
for (const [name, command] of steps) counts.push(await check(name, command))
counts.push(await tests())
const total = counts.reduce((sum, { passed, failed }) => ({
  passed: sum.passed + passed,
  failed: sum.failed + failed,
}))
console.log(sayCount(total))
process.exitCode = total.failed === 0 ? 0 : 1
