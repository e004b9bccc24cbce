import { join } from 'node:path'
import { RepriseError, quote } from '../errors.ts'
import type { TierItem, TierUsage } from '../tier.ts'
import { namesIn } from './disk.ts'
import { type Folder, isLiving, look } from './folder.ts'
import { isRecordName, shardAt, shardOf, shards } from './names.ts'

/** Files that are looked at together. */
const together = 64

interface Living {
  readonly name: string
  readonly item: TierItem
}

/** Living records under a prefix whose files come after a name, in the order of names: hashes, so in no order of keys. */
async function* walk(folder: Folder, prefix: string, after: string): AsyncGenerator<Living> {
  for (let place = after === '' ? 0 : Number.parseInt(shardOf(after), 16); place < shards; place += 1) {
    const files = await namesIn(join(folder.settings.directory, shardAt(place)))
    const names = files.filter(
      (file) => isRecordName(file) && file > after && shardOf(file) === shardAt(place),
    )
    for (let from = 0; from < names.length; from += together) {
      const found = await Promise.all(
        names
          .slice(from, from + together)
          .map(async (name) => folder.turns.limit(async () => livingAt(folder, name, prefix))),
      )
      for (const living of found) if (living !== undefined) yield living
    }
  }
}

async function livingAt(folder: Folder, name: string, prefix: string): Promise<Living | undefined> {
  const seen = await look(folder, name)
  if (seen?.state !== 'whole') return undefined
  const { head, bytes } = seen.measured
  if (!head.k.startsWith(prefix) || !(await isLiving(folder, name, head))) return undefined
  return { name, item: { key: head.k, bytes, createdAt: head.c, expiresAt: head.e ?? Infinity } }
}

/** A page of living records; the cursor is the name of the last file. @throws E_CURSOR_INVALID */
export async function listRecords(
  folder: Folder,
  prefix: string,
  { cursor = '', limit }: { cursor?: string; limit: number },
): Promise<{ items: readonly TierItem[]; cursor?: string }> {
  if (cursor !== '' && !isRecordName(cursor)) {
    throw new RepriseError(
      'E_CURSOR_INVALID',
      `cursor ${quote(cursor)} was not made by this tier; give the cursor of the page before, or none`,
    )
  }
  const items: TierItem[] = []
  for await (const { name, item } of walk(folder, prefix, cursor)) {
    items.push(item)
    if (items.length === limit) return { items, cursor: name }
  }
  return { items }
}

/** How many living records there are under a prefix, and the bytes of their bodies. */
export async function measure(folder: Folder, prefix: string): Promise<TierUsage> {
  let entries = 0
  let bytes = 0
  for await (const { item } of walk(folder, prefix, '')) {
    entries += 1
    bytes += item.bytes
  }
  return { entries, bytes }
}
