import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * One import of a source file, as written.
 * @typedef {{ specifier: string, line: number, target: string | undefined }} Import
 *   `target` is the imported file's path when the specifier is relative
 */

/**
 * One source file. Paths are relative to the repository, with `/`.
 * @typedef {object} SourceFile
 * @property {string} path such as `packages/cache/src/read.ts`
 * @property {string} workspace such as `packages/cache`; empty for files outside of one
 * @property {'src' | 'test' | 'other'} room
 * @property {number} lines
 * @property {Import[]} imports
 */

// The formatter puts import and export statements at the start of a line, so no parser is needed.
const statement = /^import\s+(?:type\s+)?(?:[\w$*{},\s]+?\s+from\s+)?['"]([^'"\n]+)['"]/gm
const reexport = /^export\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s+from\s+['"]([^'"\n]+)['"]/gm
const call = /(?<!^\s*(?:\*|\/\/|\/\*).*)\b(?:import|require|import\.meta\.resolve)\(\s*['"]([^'"\n]+)['"]/gm

/**
 * The imports in a TypeScript or JavaScript text: statements, re-exports, `import()` of values and of types.
 * @param {string} text
 * @returns {{ specifier: string, line: number }[]}
 */
export const importsIn = (text) =>
  [statement, reexport, call]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => ({
      specifier: match[1] ?? '',
      line: text.slice(0, match.index + match[0].length).split('\n').length,
    }))
    .toSorted((a, b) => a.line - b.line)

/** @param {string} folder @param {string} path */
const readSource = (folder, path) => {
  const text = readFileSync(join(folder, path), 'utf8')
  const [kind = '', name = '', room = ''] = path.split('/')
  const inWorkspace = kind === 'packages' || kind === 'apps'
  /** @type {SourceFile} */
  const file = {
    path,
    workspace: inWorkspace ? `${kind}/${name}` : '',
    room: inWorkspace && (room === 'src' || room === 'test') ? room : 'other',
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: importsIn(text).map((found) => ({
      ...found,
      target: found.specifier.startsWith('.')
        ? join(dirname(path), found.specifier).split(sep).join('/')
        : undefined,
    })),
  }
  return file
}

const skipped = new Set(['node_modules', 'dist', 'data', 'coverage', '.git'])

/** @param {string} folder @returns {string[]} */
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })

/**
 * All source files (`.ts`, `.tsx`, `.mjs`) of the repository in `folder`.
 * @param {string} folder
 * @returns {SourceFile[]}
 */
export const readSources = (folder) =>
  ['packages', 'apps', 'bench', 'scripts']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .flatMap(walk)
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
    .map((path) => readSource(folder, relative(folder, path).split(sep).join('/')))
    .toSorted((a, b) => a.path.localeCompare(b.path))
