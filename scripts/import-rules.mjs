import { builtinModules } from 'node:module'

/** @typedef {import('./source-files.mjs').SourceFile} SourceFile */
/** @typedef {import('./workspaces.mjs').Workspace} Workspace */

/** Which workspace may import which; the house drawn in docs. */
const edges = new Map(
  Object.entries({
    'packages/cache': [],
    'packages/database': [],
    'packages/api': [],
    'packages/results': ['packages/cache', 'packages/database'],
    'packages/tokens': ['packages/cache'],
    'packages/ai': ['packages/cache'],
    'packages/service': ['api', 'results', 'ai', 'tokens', 'cache', 'database'].map(
      (name) => `packages/${name}`,
    ),
    'apps/console': ['packages/api'],
    'apps/assistant': ['service', 'results', 'ai', 'tokens', 'cache', 'api', 'database'].map(
      (name) => `packages/${name}`,
    ),
  }),
)

/** `@scope/name/sub/path` is of the package `@scope/name`. @param {string} specifier */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/**
 * Refuses imports between workspaces against the house's directions, and by relative path.
 * @param {readonly SourceFile[]} files
 * @param {readonly Workspace[]} workspaces
 */
export const refuseDirections = (files, workspaces) =>
  files.flatMap((file) =>
    file.imports.flatMap(({ specifier, line, target }) => {
      if (file.workspace === '') return []
      const where = `${file.path}:${line}`
      if (target !== undefined) {
        return target.startsWith(`${file.workspace}/`)
          ? []
          : [
              `${where} imports ${specifier}, which is outside of ${file.workspace}; import the package by its name`,
            ]
      }
      const other = workspaces.find(({ name }) => name === packageOf(specifier))
      if (other === undefined || other.path === file.workspace) return []
      const allowed = edges.get(file.workspace) ?? []
      if (allowed.includes(other.path)) return []
      const list = allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')
      return [`${where} imports ${specifier}, but ${file.workspace} may import only ${list}`]
    }),
  )

/**
 * Refuses imports of packages that the workspace does not declare, and Node's modules without `node:`.
 * A test may also use the development dependencies of its workspace and of the root.
 * @param {readonly SourceFile[]} files
 * @param {readonly Workspace[]} workspaces
 * @param {ReadonlySet<string>} rootDevDependencies
 */
export const refuseUndeclared = (files, workspaces, rootDevDependencies) =>
  files.flatMap((file) => {
    const workspace = workspaces.find(({ path }) => path === file.workspace)
    if (workspace === undefined || file.room === 'other') return []
    const ofTests = [...workspace.devDependencies, ...rootDevDependencies, workspace.name]
    const allowed = new Set([...workspace.dependencies, ...(file.room === 'test' ? ofTests : [])])
    return file.imports.flatMap(({ specifier, line, target }) => {
      if (target !== undefined || specifier.startsWith('node:') || allowed.has(packageOf(specifier)))
        return []
      const where = `${file.path}:${line}`
      if (builtinModules.includes(specifier))
        return [`${where} imports '${specifier}'; write 'node:${specifier}'`]
      return [`${where} imports ${specifier}, which ${file.workspace}/package.json does not declare`]
    })
  })

/**
 * Refuses imports of an index from inside its own package; only tests, who stand for users, may do it.
 * @param {readonly SourceFile[]} files
 * @param {readonly Workspace[]} workspaces
 */
export const refuseOwnIndex = (files, workspaces) =>
  files
    .filter(({ room }) => room === 'src')
    .flatMap((file) => {
      const own = workspaces.find(({ path }) => path === file.workspace)?.name
      return file.imports
        .filter(
          ({ specifier, target }) => /\/index\.tsx?$/.test(target ?? '') || packageOf(specifier) === own,
        )
        .map(
          ({ specifier, line }) =>
            `${file.path}:${line} imports ${specifier}, the index of its own package; import the file that makes it`,
        )
    })
