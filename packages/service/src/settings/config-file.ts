import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Document, LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import { nearestName } from '../nearest.ts'

/** A configuration file that was read: the values that are set in it, by dotted key. */
export interface ConfigFile {
  readonly path: string
  readonly values: ReadonlyMap<string, unknown>
  /** Where a key stands, such as `/srv/config.yaml:12`. */
  place(key: string): string
  /** What is wrong with the file itself, one sentence each. */
  readonly problems: readonly string[]
}

/** The path of the configuration file, or undefined when there is none. */
export function findConfigFile(options: {
  readonly named: string | undefined
  readonly cwd: string
  readonly dataDir: string
}): string | undefined {
  if (options.named !== undefined) return resolve(options.cwd, options.named)
  const places = [resolve(options.cwd, 'config.yaml'), resolve(options.cwd, options.dataDir, 'config.yaml')]
  return places.find((path) => existsSync(path))
}

/** Reads a configuration file; `known` are the dotted keys there are. What is wrong is told in `problems`. */
export function readConfigFile(path: string, known: readonly string[]): ConfigFile {
  let source: string
  try {
    source = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return empty(path, [
      `${path} cannot be read (${reason}); correct REPRISE_CONFIG or the file's permissions`,
    ])
  }
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => `${path}:${lines.linePos(offset).line}`
  if (document.errors.length > 0) {
    return empty(
      path,
      document.errors.map((error) => `${at(error.pos[0])} is not YAML: ${error.message}`),
    )
  }
  if (document.contents === null) return empty(path, [])
  if (!isMap(document.contents)) {
    return empty(path, [`${path}:1 must be a map of settings, such as "port: 8321"`])
  }
  const places = new Map<string, string>()
  const { values, problems } = walk(document, known, (key, offset) => {
    places.set(key, at(offset))
    return at(offset)
  })
  return { path, values, problems, place: (key) => places.get(key) ?? path }
}

function empty(path: string, problems: readonly string[]): ConfigFile {
  return { path, values: new Map(), problems, place: () => path }
}

/** Goes down the maps of a document to the known keys; what is neither a known key nor on the way to one is a problem. */
function walk(document: Document, known: readonly string[], place: (key: string, offset: number) => string) {
  const values = new Map<string, unknown>()
  const problems: string[] = []

  function enter(node: unknown, prefix: string): void {
    if (!isMap(node)) return
    for (const { key, value } of node.items) {
      const name = `${prefix}${isScalar(key) ? String(key.value) : String(key)}`
      const where = place(name, isNode(key) ? (key.range?.[0] ?? 0) : 0)
      const inside = known.filter((other) => other.startsWith(`${name}.`))
      if (known.includes(name)) {
        const plain: unknown = isNode(value) ? value.toJS(document) : value
        if (plain !== null && plain !== undefined && plain !== '') values.set(name, plain)
      } else if (inside.length > 0 && isMap(value)) {
        enter(value, `${name}.`)
      } else if (inside.length > 0) {
        if (isScalar(value) && value.value === null) continue
        problems.push(`${where}: "${name}" must be a map of ${inside.join(', ')}`)
      } else {
        const near = nearestName(name, known)
        problems.push(
          `${where}: "${name}" is not a setting; ${near === undefined ? `settings are ${known.join(', ')}` : `did you mean "${near}"?`}`,
        )
      }
    }
  }

  enter(document.contents, '')
  return { values, problems }
}
