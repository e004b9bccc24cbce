// A folder is held by the process that the highest `lock.N` in it names. The number only grows: to take a folder whose
// holder is gone, a process creates `lock.N+1`, which only one can; whoever then finds a higher number has lost. Deleting
// and creating one file again would let two late-comers both win. Lower numbers are swept by the holder.
// A holder on this host is gone when its process is (the start time guards against a reused pid). One on another host,
// or in another container, cannot be asked, so it touches its file and is gone when it has not for a minute.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseError } from './errors.ts'
import { processExists, processStart } from './process-start.ts'

interface Holder {
  readonly token: string
  readonly pid: number
  readonly host: string
  readonly start: string | null
  readonly since: string
  readonly released?: boolean
}

const touchEvery = 10_000
const goneAfter = 60_000
const unwrittenFor = 10_000
const heldHere = new Set<string>()

/**
 * Takes a folder for this process until the returned function is called or the process ends.
 * Throws E_DATABASE_LOCKED, naming the holder, when it is held.
 */
export function lockFolder(folder: string): () => void {
  const mine: Holder = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    start: processStart(process.pid),
    since: new Date().toISOString(),
  }
  const path = claim(folder, mine)
  heldHere.add(mine.token)
  const touching = setInterval(() => touch(path), touchEvery).unref()
  return () => {
    if (!heldHere.delete(mine.token)) return
    clearInterval(touching)
    if (existsSync(path)) writeFileSync(path, JSON.stringify({ ...mine, released: true }))
  }
}

function claim(folder: string, mine: Holder): string {
  for (;;) {
    const highest = numbers(folder).at(-1) ?? 0
    if (highest > 0) assertFree(join(folder, `lock.${highest}`), folder)
    const path = join(folder, `lock.${highest + 1}`)
    if (!create(path, mine)) continue
    const all = numbers(folder)
    if (all.at(-1) !== highest + 1) {
      rmSync(path, { force: true })
      continue
    }
    for (const number of all.slice(0, -1)) rmSync(join(folder, `lock.${number}`), { force: true })
    return path
  }
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
}

function create(path: string, holder: Holder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function assertFree(path: string, folder: string): void {
  const read = readHolder(path)
  if (read === undefined) return
  const { holder, idleFor } = read
  if (holder === undefined ? idleFor > unwrittenFor : !holds(holder, idleFor)) return
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`
  throw new DatabaseError(
    'E_DATABASE_LOCKED',
    `The PGlite folder ${folder} is open in ${who} since ${holder?.since ?? 'a moment ago'}: ` +
      `stop that process, choose another folder, or use PostgreSQL to share one database between processes ` +
      `(if it is certainly gone, delete ${path})`,
  )
}

function holds(holder: Holder, idleFor: number): boolean {
  if (holder.released === true) return false
  if (holder.host !== hostname()) return idleFor < goneAfter
  if (!processExists(holder.pid)) return false
  const start = processStart(holder.pid)
  if (start !== null && holder.start !== null) return start === holder.start
  return holder.pid !== process.pid || heldHere.has(holder.token)
}

/** The holder in a lock file, undefined when not written yet; the file itself is undefined when just swept. */
function readHolder(path: string): { holder: Holder | undefined; idleFor: number } | undefined {
  try {
    const idleFor = Date.now() - statSync(path).mtimeMs
    const text = readFileSync(path, 'utf8')
    return { holder: text.endsWith('}') ? (JSON.parse(text) as Holder) : undefined, idleFor }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function touch(path: string): void {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {
    // The folder was removed under us; the database itself will say so.
  }
}
