// Bundles apps/console into the service's dist/, from where the service serves it: `npm run build` always,
// `npm start` and the browser tests when the bundle is missing or its sources have changed.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { root } from './root.mjs'
import { run } from './run.mjs'

/** The console's workspace. */
export const consolePath = 'apps/console'
/** What a browser downloads at most before charts, in bytes of gzip. */
const budget = 300 * 1024
const bundle = join(root, consolePath, 'dist')
const served = join(root, 'packages', 'service', 'dist', 'console')
const stamp = 'sources.sha256'
const texts = new Set(['.js', '.css', '.svg'])

/** @param {string} path a file or folder @returns {string[]} */
const filesIn = (path) =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()

/** A digest of everything that the bundle is made of. */
const digestOfSources = () => {
  const folder = join(root, consolePath)
  const files = [
    ...['index.html', 'package.json', 'vite.config.ts'].map((name) => join(folder, name)),
    ...filesIn(join(folder, 'src')),
    ...filesIn(join(folder, 'public')),
    ...filesIn(join(root, 'packages', 'api', 'src')),
    join(root, 'package-lock.json'),
  ]
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

/** Writes `.gz` and `.br` beside each text, and tells the bytes of gzip: of all, and of the chunks of charts. */
const compress = () => {
  let total = 0
  let charts = 0
  for (const file of filesIn(join(bundle, 'assets')).filter((name) => texts.has(extname(name)))) {
    const text = readFileSync(file)
    const zipped = gzipSync(text, { level: 9 })
    writeFileSync(`${file}.gz`, zipped)
    writeFileSync(`${file}.br`, brotliCompressSync(text))
    total += zipped.length
    if (/[/\\]chart-[^/\\]+$/.test(file)) charts += zipped.length
  }
  return { total, charts }
}

/**
 * Bundles the console and holds its size against the budget. What is served is replaced in one step.
 * @returns {Promise<boolean>} whether it was done; what went wrong has been printed
 */
export const buildConsole = async () => {
  const started = performance.now()
  const sources = digestOfSources()
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const { code, output } = await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, consolePath),
  })
  if (code !== 0) {
    console.error(`${consolePath}: failed\n${output}`)
    return false
  }
  const { total, charts } = compress()
  writeFileSync(join(bundle, stamp), sources)
  const fresh = `${served}.${process.pid}`
  cpSync(bundle, fresh, { recursive: true })
  rmSync(served, { recursive: true, force: true })
  renameSync(fresh, served)
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(0)} KB`
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const size = `${kilobytes(total - charts)} gzipped before charts, of ${kilobytes(budget)}; charts ${kilobytes(charts)}`
  console.log(`${consolePath}: built in ${seconds} s, ${size}`)
  if (total - charts <= budget) return true
  console.error(`${consolePath}: the bundle is over its budget; see apps/console/dist/assets`)
  return false
}

/** Bundles the console when the bundle is missing or not of these sources. Costs some milliseconds when there is nothing to do. */
export const ensureConsole = async () => {
  const built = join(served, stamp)
  if (existsSync(built) && readFileSync(built, 'utf8') === digestOfSources()) return
  await buildConsole()
}
