// `node scripts/packages.mjs`: packs every published package as npm would and looks at the result: publint, attw, and
// one import of each entry from the built files. Run `npm run build` first.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { root } from './root.mjs'
import { exitOnSignals, run } from './run.mjs'
import { readWorkspaces } from './workspaces.mjs'

/** @typedef {import('./workspaces.mjs').Workspace} Workspace */

/** @param {string} program */
const bin = (program) => join(root, 'node_modules', '.bin', program)

/**
 * Imports every entry of a built package by its name, as a user would. `./testing` needs a running vitest.
 * @param {Workspace} workspace
 */
const importEntries = ({ name, entries }) => {
  const specifiers = entries
    .filter((entry) => entry !== './testing' && !entry.endsWith('.json'))
    .map((entry) => name + entry.slice(1))
  const code = specifiers.map((specifier) => `await import('${specifier}')`).join('\n')
  return run(process.execPath, ['--input-type=module', '--eval', code])
}

/** @param {Workspace} workspace @param {string} folder where to pack */
const check = async (workspace, folder) => {
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: join(root, workspace.path),
  })
  const name = /"filename":\s*"([^"]+)"/.exec(packed.output)?.[1]
  if (packed.code !== 0 || name === undefined) return [{ code: 1, output: `npm pack: ${packed.output}` }]
  const file = join(folder, name)
  return Promise.all([
    run(bin('publint'), ['--strict', file]),
    run(bin('attw'), ['--profile', 'esm-only', '--no-emoji', file]),
    importEntries(workspace),
  ])
}

exitOnSignals()
const folder = mkdtempSync(join(tmpdir(), 'reprise-packages-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const published = readWorkspaces(root).filter((workspace) => !workspace.private && workspace.hasSources)
const results = await Promise.all(
  published.map(async (workspace) => ({ workspace, outcomes: await check(workspace, folder) })),
)
for (const { workspace, outcomes } of results) {
  const failed = outcomes.filter(({ code }) => code !== 0)
  console.log(`${workspace.name}: ${failed.length === 0 ? 'ok' : 'failed'}`)
  for (const { output } of failed) console.error(output)
  if (failed.length > 0) process.exitCode = 1
}
