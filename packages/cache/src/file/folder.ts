import { join } from 'node:path'
import type { TierRecord } from '../tier.ts'
import { type Batches, createBatches } from './batches.ts'
import { isFolder, isNothing, readRange, removeFile, syncFolder, withFile } from './disk.ts'
import { type Head, type Measured, decodeFile, decodeHead, lengthsOf, prelude } from './format.ts'
import { madeAt, nameOf, shardOf } from './names.ts'
import type { FileSettings } from './settings.ts'
import { type Turns, createTurns } from './turns.ts'

/** Files that are open at once. */
const places = 16
/** Read at first: enough for most records, and for nearly every head. */
const firstBytes = 4_096
/** After so long what was begun and not finished is nobody's work any more, in milliseconds. */
export const grace = 600_000

/** A folder of records, as reads, writes and sweeps share it. */
export interface Folder {
  readonly settings: FileSettings
  readonly batches: Batches
  readonly turns: Turns
}

/** A record's file without its body. `broken`: no record, such as a torn one; `later`: a later version's. */
export type Look =
  | { readonly state: 'whole'; readonly measured: Measured }
  | { readonly state: 'broken' | 'later' }

/** The folder of these settings. */
export function createFolder(settings: FileSettings): Folder {
  return {
    settings,
    batches: createBatches(settings.directory, settings),
    turns: createTurns(places),
  }
}

/** The folder of a name. */
export function shardPath({ settings }: Folder, name: string): string {
  return join(settings.directory, shardOf(name))
}

/** The file of a name. */
export function filePath(folder: Folder, name: string): string {
  return join(shardPath(folder, name), name)
}

/** When a record ends: at its expiry, or at the age that the folder allows. */
export function endOf({ settings }: Folder, { c, e }: Head): number {
  return Math.min(e ?? Infinity, c + settings.maxAge)
}

/** Whether a head is the one of this name, of a committed write, and not over. */
export async function isLiving(folder: Folder, name: string, head: Head): Promise<boolean> {
  if (folder.settings.clock.now() >= endOf(folder, head) || nameOf(head.k) !== name) return false
  return head.b === undefined || folder.batches.isCommitted(head.b)
}

/** Whether nothing will ever make a record readable: it is over, in the wrong place, or of a write that died. */
export async function isDead(folder: Folder, name: string, head: Head): Promise<boolean> {
  if (await isLiving(folder, name, head)) return false
  const now = folder.settings.clock.now()
  if (head.b === undefined || now >= endOf(folder, head) || nameOf(head.k) !== name) return true
  return (madeAt(head.b) ?? 0) + grace <= now
}

/** The record of a key; undefined for a miss. */
export async function readRecord(folder: Folder, key: string): Promise<TierRecord | undefined> {
  const name = nameOf(key)
  const [inside, bytes] = await Promise.all([
    isFolder(shardPath(folder, name)),
    withFile(filePath(folder, name), async (file) => {
      const first = await readRange(file, 0, firstBytes)
      const lengths = lengthsOf(first)
      if (first.length < firstBytes || typeof lengths === 'string') return first
      // One byte more than it should have tells a file that is too long.
      return Buffer.concat([first, await readRange(file, first.length, (await file.stat()).size)])
    }),
  ])
  if (!inside || bytes === undefined) return undefined
  const found = decodeFile(bytes)
  return found !== undefined && (await isLiving(folder, name, found.head)) ? found.record : undefined
}

/** What a file is, by its head and its length; undefined when there is none. The body is not looked at. */
export async function look(folder: Folder, name: string): Promise<Look | undefined> {
  return withFile(filePath(folder, name), async (file): Promise<Look | undefined> => {
    const stats = await file.stat()
    if (!stats.isFile()) return undefined
    let begin = await readRange(file, 0, Math.min(firstBytes, stats.size))
    const lengths = lengthsOf(begin)
    if (typeof lengths === 'string') return { state: lengths }
    if (lengths.size !== stats.size) return { state: 'broken' }
    const need = prelude + lengths.head
    if (begin.length < need) begin = Buffer.concat([begin, await readRange(file, begin.length, need)])
    const measured = decodeHead(begin)
    return measured === undefined ? { state: 'broken' } : { state: 'whole', measured }
  })
}

/** Removes the record of a key; whether there was one that could be read, and we removed it. */
export async function removeRecord(folder: Folder, key: string): Promise<boolean> {
  const name = nameOf(key)
  return inTurn(folder, name, async () => {
    if (!(await isFolder(shardPath(folder, name)))) return false
    const seen = await look(folder, name)
    const living = seen?.state === 'whole' && (await isLiving(folder, name, seen.measured.head))
    const removed = await removeFile(filePath(folder, name))
    if (removed && folder.settings.fsync) await syncShard(folder, name)
    return living && removed
  })
}

/** Runs work that changes the file of a name: first its turn, then a place; the other way round two could wait for each other. */
export async function inTurn<T>({ turns }: Folder, name: string, work: () => Promise<T>): Promise<T> {
  return turns.inTurn(name, async () => turns.limit(work))
}

/** Waits until the disk has what changed in the folder of a name. */
export async function syncShard(folder: Folder, name: string): Promise<void> {
  try {
    await syncFolder(shardPath(folder, name))
  } catch (error) {
    if (!isNothing(error)) throw error
  }
}
