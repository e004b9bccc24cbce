// `npm run build`: compiles every workspace to its dist/, each after those it depends on, whose types it reads there.
// The console is bundled instead, into the service's dist/.
import { cpSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'

import { buildConsole, consolePath } from './console.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './root.mjs'
import { exitOnSignals, run } from './run.mjs'
import { inDependencyOrder, readWorkspaces } from './workspaces.mjs'

/** Files that the compiler does not copy and the code reads at run time. */
const assets = new Set(['.sql', '.lua', '.json', '.yaml'])

/** @param {string} path a workspace, such as `packages/cache` @returns {Promise<number>} the exit code */
const build = async (path) => {
  const source = join(root, path, 'src')
  const target = join(root, path, 'dist')
  rmSync(target, { recursive: true, force: true })
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const started = performance.now()
  const project = join(root, path, 'tsconfig.build.json')
  const { code, output } = await run(process.execPath, [compiler, '-p', project])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${path}: ${code === 0 ? 'built' : 'failed'} in ${seconds} s`)
  if (code !== 0) console.error(output)
  cpSync(source, target, {
    recursive: true,
    filter: (file) => extname(file) === '' || assets.has(extname(file)),
  })
  return code
}

exitOnSignals()
await ensureInstalled()
for (const { path, hasSources } of inDependencyOrder(readWorkspaces(root))) {
  if (!hasSources) console.log(`${path}: nothing to build`)
  else if (path !== consolePath && (await build(path)) !== 0) process.exitCode = 1
}
if (!(await buildConsole())) process.exitCode = 1
