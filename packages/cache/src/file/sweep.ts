import { join } from 'node:path'
import { namesIn, removeFile } from './disk.ts'
import { type Folder, type Look, filePath, grace, inTurn, isDead, look } from './folder.ts'
import { isRecordName, shardAt, shards, temporaryMadeAt } from './names.ts'
import { createSizes, emptyShelf } from './sizes.ts'

/** Files that one sweep looks at, unless the folder may be too large. */
const mostLooks = 10_000
/** Files that are looked at together. */
const together = 64

/** Cleans a folder, some of it at a time, going round and round. */
export interface Sweeper {
  /** Removes dead records, and the oldest above the size, at most `limit`; what writes left behind is not counted. */
  sweep(limit: number): Promise<number>
  /** Tells of files that were written, so that the size is known between visits. */
  wrote(files: readonly { readonly name: string; readonly bytes: number }[]): void
}

/** The sweeper of a folder. */
export function createSweeper(folder: Folder): Sweeper {
  const { clock, directory, maxBytes } = folder.settings
  const sizes = createSizes(maxBytes)
  /** Batches that records named since the round began. */
  let named = new Set<string>()
  let place = 0
  let roundBegan: number | undefined

  /** Whether a file goes: a dead record, or one that was torn when the machine lost power. A later version's stays. */
  const goes = async (name: string, seen: Look | undefined): Promise<boolean> =>
    seen?.state === 'broken' || (seen?.state === 'whole' && (await isDead(folder, name, seen.measured.head)))

  /** Removes a file that is still so; nothing is written to its name by this process between the look and the removal. */
  async function removeIf(
    name: string,
    still: (seen: Look | undefined) => boolean | Promise<boolean>,
  ): Promise<boolean> {
    return inTurn(
      folder,
      name,
      async () => (await still(await look(folder, name))) && removeFile(filePath(folder, name)),
    )
  }

  /** Looks at every file of the next shard; unfinished when the limit was reached. */
  async function visit(limit: number): Promise<{ removed: number; looked: number; finished: boolean }> {
    const shard = shardAt(place)
    const shelf = emptyShelf()
    const files = await namesIn(join(directory, shard))
    let removed = 0
    for (let from = 0; from < files.length; from += together) {
      const names = files.slice(from, from + together).filter((file) => isRecordName(file))
      const looks = await Promise.all(
        names.map(async (name) => {
          const seen = await folder.turns.limit(async () => look(folder, name))
          return { name, seen, going: await goes(name, seen) }
        }),
      )
      for (const { name, seen, going } of looks) {
        if (going && removed === limit) return { removed, looked: from, finished: false }
        if (going && (await removeIf(name, async (now) => goes(name, now)))) removed += 1
        else if (seen?.state === 'whole') {
          const { head, size } = seen.measured
          if (head.b !== undefined) named.add(head.b)
          shelf.add({ name, createdAt: head.c, size })
        }
      }
    }
    for (const file of files) {
      const begun = temporaryMadeAt(file)
      if (begun !== undefined && begun + grace <= clock.now()) await removeFile(join(directory, shard, file))
    }
    sizes.put(place, shelf)
    return { removed, looked: files.length, finished: true }
  }

  async function nextPlace(): Promise<void> {
    place = (place + 1) % shards
    if (place !== 0) return
    if (roundBegan !== undefined) await folder.batches.forget(named, roundBegan - grace)
    roundBegan = undefined
  }

  /** Removes the oldest files while there is more than there may be. */
  async function shrink(limit: number): Promise<number> {
    let removed = 0
    for (const [at, victims] of sizes.oldest(limit)) {
      for (const file of await namesIn(join(directory, shardAt(at)))) {
        const createdAt = isRecordName(file) ? victims.get(file.slice(0, 13)) : undefined
        if (createdAt === undefined) continue
        const same = (seen: Look | undefined): boolean =>
          seen?.state === 'whole' && seen.measured.head.c === createdAt
        if (await removeIf(file, same)) removed += 1
      }
      sizes.drop(at, victims)
    }
    return removed
  }

  return {
    async sweep(limit) {
      let removed = 0
      let looked = 0
      for (let step = 0; step < shards && removed < limit; step += 1) {
        if (looked >= mostLooks && !sizes.mayBeOver()) break
        if (place === 0 && roundBegan === undefined) {
          roundBegan = clock.now()
          named = new Set()
        }
        const visited = await visit(limit - removed)
        removed += visited.removed
        looked += visited.looked
        if (visited.finished) await nextPlace()
      }
      return removed + (await shrink(limit - removed))
    },
    wrote(files) {
      for (const { name, bytes } of files) sizes.wrote(Number.parseInt(name.slice(0, 2), 16), bytes)
    },
  }
}
