import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { TierRecord } from '../tier.ts'
import { isFolder, makeFolder, removeFile, writeNew } from './disk.ts'
import { type Folder, filePath, inTurn, shardPath, syncShard } from './folder.ts'
import { encodeFile } from './format.ts'
import { makeId, nameOf, shardOf, temporaryName } from './names.ts'

interface Draft {
  readonly name: string
  readonly temporary: string
  readonly bytes: number
}

/** What a write put where, for whoever counts sizes. */
export interface Written {
  readonly name: string
  /** Of the file. */
  readonly bytes: number
}

/**
 * Writes all of these records or none. Each goes to a temporary file beside its place and is renamed into it; several
 * are a batch, which counts once all are in their places.
 */
export async function writeRecords(
  folder: Folder,
  records: readonly TierRecord[],
): Promise<readonly Written[]> {
  // Of two records for one key the last one counts.
  const byName = new Map(records.map((record) => [nameOf(record.key), record]))
  const id = makeId(folder.settings.clock.now())
  const batch = byName.size > 1 ? id : undefined
  const attempts = await Promise.allSettled(
    [...byName].map(async ([name, record]) =>
      folder.turns.limit(async () => draft(folder, name, { bytes: encodeFile(record, batch), id })),
    ),
  )
  const drafts = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  try {
    throwFirst(attempts)
    throwFirst(
      await Promise.allSettled(
        drafts.map(async ({ name, temporary }) =>
          inTurn(folder, name, async () => rename(temporary, filePath(folder, name))),
        ),
      ),
    )
    if (folder.settings.fsync) {
      const oneOfEach = new Map(drafts.map(({ name }) => [shardOf(name), name]))
      for (const name of oneOfEach.values()) await syncShard(folder, name)
    }
    if (batch !== undefined) await folder.batches.commit(batch)
  } catch (error) {
    // Records of a batch that are in their places already count for nothing; a sweep removes them.
    await Promise.allSettled(drafts.map(async ({ temporary }) => removeFile(temporary)))
    throw error
  }
  return drafts
}

async function draft(
  folder: Folder,
  name: string,
  { bytes, id }: { bytes: Uint8Array; id: string },
): Promise<Draft> {
  const shard = shardPath(folder, name)
  if (!(await isFolder(shard))) await makeFolder(shard)
  const temporary = join(shard, temporaryName(name, id))
  try {
    await writeNew(temporary, bytes, folder.settings)
  } catch (error) {
    await removeFile(temporary).catch(() => false)
    throw error
  }
  return { name, temporary, bytes: bytes.length }
}

function throwFirst(attempts: readonly PromiseSettledResult<unknown>[]): void {
  for (const attempt of attempts) if (attempt.status === 'rejected') throw attempt.reason
}
