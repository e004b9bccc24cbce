// `node scripts/imports.mjs [FOLDER]`: import directions, undeclared imports, cycles, file lengths and names.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { refuseDirections, refuseOwnIndex, refuseUndeclared } from './import-rules.mjs'
import { root } from './root.mjs'
import { refuseCycles, refuseLevels, refuseShapes } from './shape-rules.mjs'
import { readSources } from './source-files.mjs'
import { readWorkspaces } from './workspaces.mjs'

/**
 * Holds the sources of the repository in `folder` against every rule.
 * @param {string} folder
 * @returns {{ refusals: string[], files: number, median: number }} `median` is the length in lines of the usual
 *   source file of packages/ and apps/, tests left out
 */
export const checkImports = (folder) => {
  const files = readSources(folder)
  const workspaces = readWorkspaces(folder)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const development = new Set(Object.keys(manifest.devDependencies ?? {}))
  const lengths = files
    .filter(({ room }) => room === 'src')
    .map(({ lines }) => lines)
    .toSorted((a, b) => a - b)
  return {
    refusals: [
      ...refuseDirections(files, workspaces),
      ...refuseUndeclared(files, workspaces, development),
      ...refuseOwnIndex(files, workspaces),
      ...refuseLevels(files),
      ...refuseCycles(files),
      ...refuseShapes(files),
    ],
    files: files.length,
    median: lengths[Math.floor(lengths.length / 2)] ?? 0,
  }
}

if (resolve(process.argv[1] ?? '') === join(root, 'scripts', 'imports.mjs')) {
  const { refusals, files, median } = checkImports(resolve(process.argv[2] ?? root))
  for (const refusal of refusals) console.error(refusal)
  console.log(`${files} files, median length ${median} lines, ${refusals.length} refusals`)
  process.exitCode = refusals.length === 0 ? 0 : 1
}
