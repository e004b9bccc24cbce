import { askTier } from './ask-tier.ts'
import { isDeadRecord } from './dead-record.ts'
import { type Engine, lives } from '../engine.ts'
import { keepUntil } from '../entry/entry.ts'
import { isOver } from '../memory/memory.ts'
import type { MemoryRecord } from '../memory/record.ts'
import { ownerOf } from './look.ts'
import type { CacheCounts, TierReport } from './operate.ts'
import { reportMemory, reportTier } from './report-tiers.ts'
import type { Tier } from '../tier.ts'
import { scanTier } from './walk-entries.ts'

/** One count, and when the first entry of it comes to its end: Infinity where none does, or none tells. */
export interface Count {
  readonly counts: CacheCounts
  readonly endsAt: number
}

/** Records of a page of the walk. */
const step = 1_000

interface Tally {
  entries: number
  bytes: number
}

/** An item of a tier, and whether a mark has killed it. */
interface Countable {
  readonly key: string
  readonly bytes: number
  readonly expiresAt?: number
  readonly killed?: boolean
}

/** Counts by one walk over the keys of all tiers, each entry in one place: memory, or the lowest tier that has it. */
export async function countAll(engine: Engine): Promise<Count> {
  const countedAt = engine.clock.now()
  const spaces = new Map<string, Tally>()
  const tallyOf = (space: string): Tally => {
    let tally = spaces.get(space)
    if (tally === undefined) spaces.set(space, (tally = { entries: 0, bytes: 0 }))
    return tally
  }
  let endsAt = Infinity
  const tiers: TierReport[] = []
  const below: Tier[] = []
  for (const tier of engine.tiers.toReversed()) {
    const walk = async (): Promise<Tally> => {
      const held = { entries: 0, bytes: 0 }
      for await (const items of pagesOf(engine, tier)) {
        const counted = await notBelow(engine, below, items)
        for (const { key, bytes, expiresAt = Infinity, killed = false } of items) {
          held.entries += 1
          held.bytes += bytes
          endsAt = Math.min(endsAt, expiresAt)
          if (killed) continue
          const near = engine.memory.look(key)
          // A key has one owner, which memory knows without reading the key.
          const space = near?.space.name ?? ownerOf(engine, key)?.space.name
          if (space === undefined) continue
          const tally = tallyOf(space)
          tally.bytes += bytes
          if (counted(key) && !isKept(engine, near)) tally.entries += 1
        }
      }
      return held
    }
    tiers.unshift(await reportTier(engine, tier, walk))
    below.push(tier)
  }
  for (let from: number | undefined = 0; from !== undefined;) {
    const page = engine.memory.page(from, step)
    for (const record of page.records) {
      if (!isKept(engine, record)) continue
      const tally = tallyOf(record.space.name)
      tally.entries += 1
      tally.bytes += record.entry.bytes
      endsAt = Math.min(endsAt, keepUntil(record.entry.freshUntil, record.space.settings))
    }
    from = page.next
  }
  const all = [...spaces].filter(([, { entries }]) => entries > 0)
  return {
    endsAt,
    counts: {
      entries: all.reduce((sum, [, { entries }]) => sum + entries, 0),
      spaces: new Map(all),
      tiers: [reportMemory(engine), ...tiers],
      countedAt,
    },
  }
}

/** Whether memory has an entry that can be served in any way. */
function isKept(engine: Engine, record: MemoryRecord | undefined): record is MemoryRecord {
  return record !== undefined && !isOver(record, engine.clock.now()) && lives(engine, record)
}

/** All items of a tier, page by page. Bodies are read only where there are marks that could have killed them. */
async function* pagesOf(engine: Engine, tier: Tier): AsyncGenerator<readonly Countable[]> {
  let cursor: string | undefined
  do {
    const page = await scanTier(engine, tier, {
      prefix: `${engine.catalog.prefix}:`,
      limit: step,
      ...(cursor === undefined ? {} : { cursor }),
    })
    // A store may tell a key twice in a page.
    const items = [...new Map(page.items.map((item) => [item.key, item])).values()]
    if (engine.order.marks === 0 || items.length === 0) yield items
    else {
      const records = await askTier(engine, tier, async () => tier.read(items.map(({ key }) => key)))
      yield items.flatMap((item, index) => {
        const record = records[index]
        return record === undefined ? [] : [{ ...item, killed: isDeadRecord(engine, item.key, record) }]
      })
    }
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** Tells of keys whether no lower tier has them; those are counted there. */
async function notBelow(
  engine: Engine,
  below: readonly Tier[],
  items: readonly Countable[],
): Promise<(key: string) => boolean> {
  const keys = items.map(({ key }) => key)
  const there = new Set<string>()
  for (const tier of below) {
    const records = await askTier(engine, tier, async () => tier.read(keys))
    for (const record of records)
      if (record !== undefined && !isDeadRecord(engine, record.key, record)) there.add(record.key)
  }
  return (key) => !there.has(key)
}
