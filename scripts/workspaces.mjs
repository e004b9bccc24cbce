import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One workspace, from its package.json.
 * @typedef {object} Workspace
 * @property {string} path such as `packages/cache`
 * @property {string} name such as `@reprise/cache`
 * @property {boolean} private it is not published
 * @property {boolean} hasSources there is something in its src/
 * @property {string[]} entries its export paths, such as `.` and `./sql`
 * @property {Set<string>} dependencies what its sources may import: dependencies, peers and optional ones
 * @property {Set<string>} devDependencies
 */

/** @param {string} folder @param {string} path @returns {Workspace} */
const readWorkspace = (folder, path) => {
  const manifest = JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8'))
  const names = (/** @type {string[]} */ ...fields) =>
    new Set(fields.flatMap((field) => Object.keys(manifest[field] ?? {})))
  return {
    path,
    name: manifest.name,
    private: manifest.private === true,
    hasSources: existsSync(join(folder, path, 'src')) && readdirSync(join(folder, path, 'src')).length > 0,
    entries: Object.keys(manifest.exports ?? {}),
    dependencies: names('dependencies', 'peerDependencies', 'optionalDependencies'),
    devDependencies: names('devDependencies'),
  }
}

/**
 * The workspaces in `packages/` and `apps/` of the repository in `folder`.
 * @param {string} folder
 * @returns {Workspace[]}
 */
export const readWorkspaces = (folder) =>
  ['packages', 'apps']
    .flatMap((kind) =>
      existsSync(join(folder, kind)) ? readdirSync(join(folder, kind)).map((name) => `${kind}/${name}`) : [],
    )
    .filter((path) => existsSync(join(folder, path, 'package.json')))
    .toSorted()
    .map((path) => readWorkspace(folder, path))

/**
 * The workspaces in an order in which each comes after those it depends on.
 * @param {readonly Workspace[]} workspaces
 * @returns {Workspace[]}
 * @throws an Error that names the circle when they depend on each other in one
 */
export const inDependencyOrder = (workspaces) => {
  /** @type {Set<Workspace>} */
  const ordered = new Set()
  /** @param {Workspace} workspace @param {readonly string[]} path */
  const visit = (workspace, path) => {
    if (ordered.has(workspace)) return
    const trail = [...path, workspace.name]
    if (path.includes(workspace.name))
      throw new Error(`Workspaces depend on each other: ${trail.join(' -> ')}`)
    for (const other of workspaces) {
      if (workspace.dependencies.has(other.name)) visit(other, trail)
    }
    ordered.add(workspace)
  }
  for (const workspace of workspaces) visit(workspace, [])
  return [...ordered]
}
