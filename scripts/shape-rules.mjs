/** @typedef {import('./source-files.mjs').SourceFile} SourceFile */

/** The ceiling of every source file, tests included, in lines. */
export const ceiling = 300

/**
 * Refuses files above the ceiling, and names for a kind of code in place of a thing.
 * @param {readonly SourceFile[]} files
 */
export const refuseShapes = (files) =>
  files.flatMap(({ path, lines }) => {
    const vague = /(?:^|\/)(utils|helpers|types)(?=\/|\.(?:ts|tsx|mjs)$)/.exec(path)?.[1]
    return [
      ...(lines > ceiling
        ? [`${path} has ${lines} lines; the ceiling is ${ceiling}: split it by ideas`]
        : []),
      ...(vague === undefined ? [] : [`${path} is named '${vague}'; name it after the thing it is about`]),
    ]
  })

/**
 * Refuses import cycles between files; type imports count. Each cycle is told once.
 * @param {readonly SourceFile[]} files
 */
export const refuseCycles = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]))
  /** @type {Set<string>} */
  const finished = new Set()
  /** @type {string[]} */
  const cycles = []
  /** @param {SourceFile} file @param {readonly string[]} trail the paths from the start to here */
  const visit = (file, trail) => {
    if (trail.includes(file.path)) {
      cycles.push(`import cycle: ${[...trail.slice(trail.indexOf(file.path)), file.path].join(' -> ')}`)
      return
    }
    if (finished.has(file.path)) return
    for (const { target } of file.imports) {
      const next = byPath.get(target ?? '')
      if (next !== undefined) visit(next, [...trail, file.path])
    }
    finished.add(file.path)
  }
  for (const file of files) visit(file, [])
  return cycles
}

const engine = 'packages/cache/src'
const tiers = ['sql', 'redis', 'file', 'keyv']
/** The engine's upper level, which works on tiers and must stay unknown to them: rooms, and what opens them. */
const upper = ['read', 'load', 'write', 'operate']
const opens = ['cache', 'open', 'create-engine', 'engine'].map((name) => `${engine}/${name}.ts`)

/** The folder under packages/cache/src, or empty for its root files. @param {string} path */
const room = (path) => {
  const parts = path.slice(engine.length + 1).split('/')
  return parts.length > 1 ? (parts[0] ?? '') : ''
}

/** @param {string} from @param {string} to */
const isRefused = (from, to) => {
  if (from === 'testing') return false
  if (!tiers.includes(from)) return tiers.includes(room(to)) || room(to) === 'testing'
  return (
    upper.includes(room(to)) ||
    opens.includes(to) ||
    room(to) === 'testing' ||
    (tiers.includes(room(to)) && room(to) !== from)
  )
}

/**
 * Refuses, inside packages/cache/src: root files that import a tier's folder or testing/, and tiers that reach
 * another tier's folder, testing/ or the upper level, directly or through other files.
 * @param {readonly SourceFile[]} files
 */
export const refuseLevels = (files) => {
  const inside = new Map(
    files.filter(({ path }) => path.startsWith(`${engine}/`)).map((file) => [file.path, file]),
  )
  return [...inside.values()].flatMap((file) => {
    const from = room(file.path)
    /** @type {string[]} */
    const refused = []
    const seen = new Set([file.path])
    /** @param {SourceFile} here @param {string} trail */
    const visit = (here, trail) => {
      for (const { target, line } of here.imports) {
        const next = inside.get(target ?? '')
        if (next === undefined || seen.has(next.path)) continue
        seen.add(next.path)
        const start = trail === '' ? `${file.path}:${line}` : trail
        if (isRefused(from, next.path)) {
          refused.push(
            `${start} -> ${next.path}: ${from === '' ? 'a root file' : `${from}/`} must not reach it`,
          )
        } else if (tiers.includes(from)) visit(next, `${start} -> ${next.path}`)
      }
    }
    visit(file, '')
    return refused
  })
}
