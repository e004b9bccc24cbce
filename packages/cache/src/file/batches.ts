/**
 * Writes of several records that count together or not at all, whatever instant the process is killed at. Each record
 * of a batch names it, and is a miss until the batch has its marker: an empty file in `commits/`, made once all
 * records are in their places. Making a file is one step, so a reader of any process sees all of them from then on
 * and none before. What was there before is gone either way, which a cache may always say. Nothing is ever rolled
 * forward or back, so that no recovery can bring back what somebody removed meanwhile.
 */
import { join } from 'node:path'
import { isFolder, makeFolder, namesIn, orNothing, removeFile, syncFolder, writeNew } from './disk.ts'
import { lstat } from 'node:fs/promises'
import { madeAt } from './names.ts'

/** Batches known to be committed that are remembered, so that most reads need not look. */
const mostRemembered = 10_000

/** The markers of a folder. */
export interface Batches {
  /** From here on the records of this batch count. */
  commit(id: string): Promise<void>
  /** Whether its records count. */
  isCommitted(id: string): Promise<boolean>
  /** Removes markers made before an instant that no record names any more. */
  forget(named: ReadonlySet<string>, before: number): Promise<void>
}

/** The batches of a folder. */
export function createBatches(directory: string, { fsync }: { fsync: boolean }): Batches {
  const folder = join(directory, 'commits')
  const committed = new Set<string>()
  const remember = (id: string): void => {
    if (committed.size >= mostRemembered) committed.clear()
    committed.add(id)
  }
  return {
    async commit(id) {
      await makeFolder(folder)
      await writeNew(join(folder, id), new Uint8Array(0), { fsync })
      if (fsync) await syncFolder(folder)
      remember(id)
    },
    async isCommitted(id) {
      if (committed.has(id)) return true
      if (madeAt(id) === undefined || !(await isFolder(folder))) return false
      const marker = await orNothing(lstat(join(folder, id)))
      if (marker === undefined || !marker.isFile()) return false
      remember(id)
      return true
    },
    async forget(named, before) {
      for (const id of await namesIn(folder)) {
        const made = madeAt(id)
        if (made === undefined || made >= before || named.has(id)) continue
        committed.delete(id)
        await removeFile(join(folder, id))
      }
    },
  }
}
